/** Argo CD applications: Helm values and parameters, and kustomize images. https://argo-cd.readthedocs.io/en/stable/user-guide/helm/ */

import { type Cursor, childOf, descend, itemsOf, textAt, textOf } from "./cursor.ts";
import { imagePlaces } from "./helm-image.ts";
import { valuesPlaces } from "./helm-release.ts";
import type { Context, Place, Shape } from "./shape.ts";
import { type UpdatedParameters, updatedParameters } from "./updater-annotations.ts";

/** Where the kinds of `argoproj.io` have the specification of an application. */
const specs: Readonly<Record<string, readonly string[]>> = {
  Application: ["spec"],
  ApplicationSet: ["spec", "template", "spec"],
};

/** What Argo CD puts over the source in the same folder; Argo CD Image Updater writes it. */
const overrides = /(?:^|\/)\.argocd-source(?:-[^/]+)?\.ya?ml$/;

export const argoApplication: Shape = (object, context) => {
  const kind = textAt(object, "kind");
  if (kind === "" && overrides.test(context.file))
    return sourcePlaces(object, context, updatedParameters(object));
  const path = Object.hasOwn(specs, kind) ? specs[kind] : undefined;
  if (path === undefined || !textAt(object, "apiVersion").startsWith("argoproj.io/")) return [];
  const single = [["source"], ["sourceHydrator", "drySource"]].map((own) =>
    descend(object, [...path, ...own]),
  );
  const several = descend(object, [...path, "sources"]);
  const sources = [...single, ...(several === null ? [] : itemsOf(several))];
  const updated = updatedParameters(object);
  const generators = kind === "ApplicationSet" ? descend(object, ["spec", "generators"]) : null;
  return [
    ...sources.flatMap((source) => (source === null ? [] : sourcePlaces(source, context, updated))),
    ...(generators === null ? [] : imagePlaces(generators, context)),
  ];
};

function sourcePlaces(source: Cursor, context: Context, updated: UpdatedParameters): readonly Place[] {
  const images = descend(source, ["kustomize", "images"]);
  return [
    ...valuesPlaces(descend(source, ["helm", "valuesObject"]), context),
    ...valuesPlaces(descend(source, ["helm", "values"]), context),
    ...parameterPlaces(descend(source, ["helm", "parameters"]), updated),
    ...(images === null ? [] : itemsOf(images).map(kustomizeImage)),
  ];
}

/** `name=newname:tag`: what follows the sign is what runs. */
function kustomizeImage(at: Cursor): Place {
  return { type: "reference", at, lead: (textOf(at) ?? "").indexOf("=") + 1 };
}

/** Parameters are values by their path: those of one image share what stands before the last dot. */
function parameterPlaces(list: Cursor | null, { references, names }: UpdatedParameters): readonly Place[] {
  const parameters = list === null ? [] : itemsOf(list);
  const byName = new Map(parameters.map((parameter) => [textAt(parameter, "name"), parameter]));
  return parameters.flatMap((map): readonly Place[] => {
    const name = textAt(map, "name");
    const value = childOf(map, "value");
    if (value === null) return [];
    if (references.has(name) || /image$/i.test(name)) return [{ type: "reference", at: value }];
    const stated = byName.get(names.get(name) ?? "");
    const beside = (key: string): Cursor | null =>
      key === "repository" && stated !== undefined ? childOf(stated, "value") : besides(byName, name, key);
    const isTag = names.has(name) || /(?:^|\.)(?:tag|imageTag)$/.test(name);
    return isTag ? [tagParameter(map, value, beside)] : [];
  });
}

function tagParameter(map: Cursor, tag: Cursor, beside: (key: string) => Cursor | null): Place {
  const repository = beside("repository") ?? beside("image") ?? beside("name");
  if (repository === null)
    return { type: "skipped", at: tag.node, reason: "a tag with no repository beside it" };
  const names = [beside("registry"), repository].map((at) => textOf(at) ?? "");
  const image = names.filter((name) => name !== "").join("/");
  return { type: "parts", map, image, tag, digest: beside("digest") };
}

function besides(byName: ReadonlyMap<string, Cursor>, name: string, key: string): Cursor | null {
  const parameter = byName.get(name.slice(0, name.lastIndexOf(".") + 1) + key);
  return parameter === undefined ? null : childOf(parameter, "value");
}
