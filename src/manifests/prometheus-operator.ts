/** The Prometheus operator's kinds: an image, or a version from which the operator makes one. */

import { groupOf } from "../model/resource.ts";
import { type Cursor, childOf, textAt } from "./cursor.ts";
import type { Place, Shape } from "./shape.ts";
import { podPlaces } from "./workload.ts";

/** What the operator runs where only a version is given. https://prometheus-operator.dev/docs/api-reference/api/ */
const defaults: Readonly<Record<string, string>> = {
  Prometheus: "quay.io/prometheus/prometheus",
  PrometheusAgent: "quay.io/prometheus/prometheus",
  Alertmanager: "quay.io/prometheus/alertmanager",
  ThanosRuler: thanos(),
};

export const prometheusOperator: Shape = (object) => {
  const kind = textAt(object, "kind");
  const image = Object.hasOwn(defaults, kind) ? defaults[kind] : undefined;
  const spec = childOf(object, "spec");
  const ours = groupOf(textAt(object, "apiVersion")) === "monitoring.coreos.com";
  if (!ours || image === undefined || spec === null) return [];
  const sidecar = childOf(spec, "thanos");
  return [
    ...versionedPlaces(spec, image),
    ...(sidecar === null ? [] : versionedPlaces(sidecar, thanos())),
    ...podPlaces(spec),
  ];
};

/** `image` wins over the others, and `version` tells the operator which flags it takes; `sha` over `tag` over `version`. */
function versionedPlaces(map: Cursor, image: string): readonly Place[] {
  const [own, version] = [childOf(map, "image"), childOf(map, "version")];
  if (own !== null && textAt(map, "image") !== "")
    return [{ type: "reference", at: own, twin: version ?? undefined }];
  const named = textAt(map, "baseImage") || image;
  const tagged = textAt(map, "tag") !== "";
  const tag = tagged ? childOf(map, "tag") : version;
  const digest = childOf(map, "sha");
  if (tag === null && digest === null) return [];
  return [{ type: "parts", map, image: named, tag, digest }];
}

function thanos(): string {
  return "quay.io/thanos/thanos";
}
