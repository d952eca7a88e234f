/** The shapes that are known, in the order in which they are tried. A new shape is one file and one line here. */

import { argoApplication } from "./argo-application.ts";
import { configMap } from "./config-map.ts";
import { containers } from "./containers.ts";
import { customKind } from "./custom-kind.ts";
import { embeddedText } from "./embedded-text.ts";
import { fluxMarker } from "./flux-marker.ts";
import { helmRelease } from "./helm-release.ts";
import { helmValues } from "./helm-values.ts";
import { jsonPatch } from "./json-patch.ts";
import { kustomize } from "./kustomize.ts";
import { ociRepository } from "./oci-repository.ts";
import { prometheusOperator } from "./prometheus-operator.ts";
import { renovateComment } from "./renovate-comment.ts";
import type { Shape } from "./shape.ts";
import { talos } from "./talos.ts";
import { tektonBundle } from "./tekton-bundle.ts";
import { workload } from "./workload.ts";

export const shapes: Readonly<Record<string, Shape>> = {
  workload,
  kustomize,
  "json-patch": jsonPatch,
  "helm-values": helmValues,
  "helm-release": helmRelease,
  "argo-application": argoApplication,
  "custom-kind": customKind,
  "prometheus-operator": prometheusOperator,
  "oci-repository": ociRepository,
  "tekton-bundle": tektonBundle,
  talos,
  containers,
  "config-map": configMap,
  "flux-marker": fluxMarker,
  "renovate-comment": renovateComment,
  "embedded-text": embeddedText,
};
