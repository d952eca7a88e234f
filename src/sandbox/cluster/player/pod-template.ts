/** What controllers make from the template of a workload. */

import { createHash, randomBytes } from "node:crypto";
import type { Live } from "./desk.ts";

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: object };
  readonly spec: object;
}

/** Label of the pods of one ReplicaSet. */
export const hashLabel = "pod-template-hash";
/** Label of the pods of one revision of a StatefulSet or DaemonSet. */
export const revisionLabel = "controller-revision-hash";

export function templateOf(workload: Live): PodTemplate {
  return workload.spec.template as PodTemplate;
}

export function replicaSetOf(deployment: Live, hash: string) {
  const template = templateOf(deployment);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const selector = deployment.spec.selector as { readonly matchLabels?: object };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: metadataOf(deployment, "Deployment", { name: `${deployment.metadata.name}-${hash}`, labels }),
    spec: {
      replicas: deployment.spec.replicas,
      selector: { matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

export interface Naming {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A pod of a workload, which is of the kind `ownerKind`. */
export function podOf(owner: Live, ownerKind: string, { name, labels }: Naming) {
  const template = templateOf(owner);
  const all = { ...template.metadata?.labels, ...labels };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadataOf(owner, ownerKind, { name, labels: all }),
    spec: template.spec,
  };
}

function metadataOf(owner: Live, kind: string, { name, labels }: Naming) {
  const apiVersion = kind === "Job" ? "batch/v1" : "apps/v1";
  const { namespace, uid } = owner.metadata;
  const reference = {
    apiVersion,
    kind,
    name: owner.metadata.name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return { name, namespace, labels, ownerReferences: [reference] };
}

export function isOwned(object: Live, owner: Live): boolean {
  return object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) === true;
}

/** The same for the same template. */
export function hashOf(workload: Live): string {
  return createHash("sha256").update(JSON.stringify(workload.spec.template)).digest("hex").slice(0, 10);
}

/** `web-5f6d7` for `web`: unlikely to exist already. */
export function childName(owner: Live): string {
  return `${owner.metadata.name}-${randomBytes(4).toString("hex").slice(0, 5)}`;
}
