/** The workloads that can be rolled: where each kind has its pod template, and what is kept of one. */

import { createHash } from "node:crypto";
import type { KubernetesObject, ObjectAddress } from "../model/resource.ts";
import { addressOf } from "../model/resource.ts";
import { appLabel } from "./app-hash.ts";
import { canonicalJson } from "./canonical-json.ts";
import { healthOf } from "./health.ts";
import { type JsonRecord, isRecord, recordsAt, textAt, valueAt } from "./json-path.ts";
import { holdsPath } from "./owned-fields.ts";
import { ownAnnotations, wishOf } from "./reload-annotations.ts";
import { type ConfigKind, type Reference, referencesOf } from "./reload-references.ts";

export const reloadManager = "lockkeeper-reload";
/** On the workload: the configuration that its pods run with. Writing it rolls nothing. */
export const observedAnnotation = "lockkeeper.dev/reload-observed";
/** On the pod template: a new value rolls the workload. */
export const hashAnnotation = "lockkeeper.dev/config-hash";

/** `template` is where the pod template stands; `fixed` ones cannot be rolled, so that a change is only told. */
export interface WorkloadKind {
  readonly kind: string;
  /** The first that the cluster serves is used. */
  readonly apiVersions: readonly string[];
  readonly template: readonly string[];
  readonly fixed?: true;
}

const template = ["spec", "template"];

export const workloadKinds: readonly WorkloadKind[] = [
  { kind: "Deployment", apiVersions: ["apps/v1"], template },
  { kind: "StatefulSet", apiVersions: ["apps/v1"], template },
  { kind: "DaemonSet", apiVersions: ["apps/v1"], template },
  {
    kind: "CronJob",
    apiVersions: ["batch/v1", "batch/v1beta1"],
    template: ["spec", "jobTemplate", ...template],
  },
  { kind: "Job", apiVersions: ["batch/v1"], template, fixed: true },
  { kind: "Rollout", apiVersions: ["argoproj.io/v1alpha1"], template },
];

export const configKinds: readonly ConfigKind[] = ["ConfigMap", "Secret", "SecretProviderClass"];

/** One workload that asks for reloads, or did so. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly address: ObjectAddress & { readonly namespace: string };
  readonly uid: string;
  readonly resourceVersion: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly templateAnnotations: Readonly<Record<string, string>>;
  readonly references: readonly Reference[];
  /** Plain hash of the template without our annotation: for this process alone, never written anywhere. */
  readonly template: string;
  /** What stands there now. */
  readonly observed: string | null;
  readonly hash: string | null;
  /** Where our manager has restarted it. */
  readonly restartAt: string | null;
  /** The hash of the app that it belongs to. */
  readonly app: string | null;
  readonly progressing: boolean;
  readonly asks: boolean;
}

/** Null for what neither asks for reloads nor carries a record of ours, and for Jobs that have ended. */
export function workloadOf(object: KubernetesObject): Workload | null {
  const kind = workloadKinds.find((each) => each.kind === object.kind);
  const pods = kind === undefined ? undefined : valueAt(object, ...kind.template);
  if (kind === undefined || !isRecord(pods) || hasEnded(object)) return null;
  const { namespace = "", uid = "", resourceVersion = "", labels } = object.metadata;
  const annotations = ownAnnotations(object.metadata.annotations);
  const written = annotationsAt(pods, "metadata");
  const templateAnnotations = ownAnnotations(written);
  const asks = configKinds.some((each) => wishOf(each, annotations, templateAnnotations) !== null);
  const observed = annotationsAt(object, "metadata")[observedAnnotation] ?? null;
  if (!asks && observed === null) return null;
  return {
    kind,
    address: { ...addressOf(object), namespace },
    uid,
    resourceVersion,
    annotations,
    templateAnnotations,
    references: referencesOf(pods),
    template: templateHash(pods),
    observed,
    hash: written[hashAnnotation] ?? null,
    restartAt: ownRestart(object),
    app: labels?.[appLabel] ?? null,
    progressing: healthOf(object).state === "progressing",
    asks,
  };
}

function annotationsAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const found = valueAt(value, ...path, "annotations");
  return isRecord(found) ? (found as Readonly<Record<string, string>>) : {};
}

function hasEnded(object: KubernetesObject): boolean {
  if (object.metadata["deletionTimestamp"] !== undefined) return true;
  const conditions = object.kind === "Job" ? recordsAt(object, "status", "conditions") : [];
  return conditions.some(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
}

function templateHash(pods: JsonRecord): string {
  const { metadata } = pods;
  const { [hashAnnotation]: _, ...annotations } = annotationsAt(metadata);
  // An empty mapping and none are the same to a pod.
  const rest = { ...(isRecord(metadata) ? metadata : {}), annotations, creationTimestamp: undefined };
  return createHash("sha256")
    .update(canonicalJson({ ...pods, metadata: rest }))
    .digest("hex");
}

/** When our manager has restarted it; what others wrote there is not ours to keep. */
function ownRestart(object: KubernetesObject): string | null {
  const entries = (object.metadata.managedFields ?? []).filter(({ manager }) => manager === reloadManager);
  const owned = entries.some(({ fieldsV1 }) => holdsPath(fieldsV1, ["f:spec", "f:restartAt"]));
  return owned ? (textAt(object, "spec", "restartAt") ?? null) : null;
}

/** What our manager holds of a workload. */
export interface Holding {
  readonly observed: string | null;
  readonly hash: string | null;
  readonly restartAt: string | null;
}

/** The whole of it in one apply, for exactly the object that was read: what it left out would be taken away. */
export function holdingObject(workload: Workload, holding: Holding): KubernetesObject {
  const { apiVersion, kind, namespace, name } = workload.address;
  const { uid, resourceVersion } = workload;
  const { observed, hash, restartAt } = holding;
  const annotations = observed === null ? {} : { annotations: { [observedAnnotation]: observed } };
  const metadata = { name, namespace, uid, resourceVersion, ...annotations };
  const pods = hash === null ? {} : { metadata: { annotations: { [hashAnnotation]: hash } } };
  const path = hash === null ? [] : workload.kind.template;
  const rolled = path.reduceRight<JsonRecord>((inner, key) => ({ [key]: inner }), pods);
  if (restartAt === null) return { apiVersion, kind, metadata, ...rolled };
  const spec = { ...(isRecord(rolled["spec"]) ? rolled["spec"] : {}), restartAt };
  return { apiVersion, kind, metadata, spec };
}
