/** Objects that install a chart with values of their own: Flux HelmRelease, and HelmChart of k3s. */

import { isScalar } from "yaml";
import { type Cursor, descend, itemsOf, textAt } from "./cursor.ts";
import type { NodePath } from "./node-path.ts";
import { imagePlaces } from "./helm-image.ts";
import { kustomizeEntries } from "./kustomize-images.ts";
import type { Context, Place, Shape } from "./shape.ts";

/** Where each kind has its values: as a map, or as a string. https://fluxcd.io/flux/components/helm/ https://docs.k3s.io/helm */
const releases: readonly { readonly group: string; readonly kind: string; readonly path: NodePath }[] = [
  { group: "helm.toolkit.fluxcd.io", kind: "HelmRelease", path: ["spec", "values"] },
  { group: "helm.fluxcd.io", kind: "HelmRelease", path: ["spec", "values"] },
  { group: "helm.cattle.io", kind: "HelmChart", path: ["spec", "valuesContent"] },
  { group: "helm.cattle.io", kind: "HelmChartConfig", path: ["spec", "valuesContent"] },
];

export const helmRelease: Shape = (object, context) => {
  const kind = textAt(object, "kind");
  const group = textAt(object, "apiVersion").split("/")[0];
  const known = releases.find((one) => one.kind === kind && one.group === group);
  if (known === undefined) return [];
  return [...valuesPlaces(descend(object, known.path), context), ...renderedPlaces(object)];
};

/** Values as a map, or as a string that is one. */
export function valuesPlaces(values: Cursor | null, context: Context): readonly Place[] {
  if (values === null) return [];
  if (isScalar(values.node)) return [{ type: "embedded", at: values, find: imagePlaces }];
  return [...imagePlaces(values, context)];
}

/** Images that Flux sets after the chart was rendered. */
function renderedPlaces(object: Cursor): readonly Place[] {
  const renderers = descend(object, ["spec", "postRenderers"]);
  return (renderers === null ? [] : itemsOf(renderers)).flatMap((renderer) =>
    kustomizeEntries(descend(renderer, ["kustomize", "images"]), () => []),
  );
}
