/** Objects that somebody else has made: whether they may become ours, and how what their makers own becomes ours. */

import type { Json, KubernetesObject, ManagedFields } from "../model/resource.ts";
import { appLabel, fieldManager } from "./app-hash.ts";
import { deletion } from "./health.ts";
import { isRecord } from "./json-path.ts";
import { appliedEntries } from "./owned-fields.ts";

/**
 * Who made an object that was there before us. `none`: nobody who would mind. `engine`: another engine that says of it that
 * it is its own, and may be running. `never`: taking it would be undone, or would take it from another app.
 */
export type Claim =
  | { readonly kind: "none" }
  | { readonly kind: "engine" | "never"; readonly reason: string };

const fluxKustomize = "kustomize.toolkit.fluxcd.io/name";
const fluxHelm = "helm.toolkit.fluxcd.io/name";
const argoTracking = "argocd.argoproj.io/tracking-id";
const argoInstance = "app.kubernetes.io/instance";

/** `apps`: hashes of the apps whose objects may be taken. */
export function claimOn(live: KubernetesObject, apps: readonly (string | null)[]): Claim {
  const { labels = {}, annotations = {} } = live.metadata;
  const owners = live.metadata["ownerReferences"];
  if (Array.isArray(owners) && owners.some((owner: { controller?: boolean }) => owner.controller === true)) {
    return { kind: "never", reason: "a controller made it and would undo every change" };
  }
  if (live.metadata["deletionTimestamp"] !== undefined) return { kind: "never", reason: deletion(live) };
  const other = labels[appLabel];
  if (other !== undefined && !apps.includes(other)) {
    return { kind: "never", reason: `it carries the label ${appLabel} of another app` };
  }
  const flux = labels[fluxKustomize] ?? labels[fluxHelm];
  if (flux !== undefined) return { kind: "engine", reason: `Flux manages it (${flux})` };
  const argo = annotations[argoTracking]?.split(":")[0] ?? argoByLabel(live, labels[argoInstance]);
  return argo === undefined ? { kind: "none" } : { kind: "engine", reason: `Argo CD manages it (${argo})` };
}

/** Helm writes the label as well; together with Argo CD's manager it is how Argo CD tracks by default. */
function argoByLabel({ metadata }: KubernetesObject, instance: string | undefined): string | undefined {
  const entries = metadata.managedFields ?? [];
  return entries.some(({ manager }) => manager.startsWith("argocd")) ? instance : undefined;
}

/** Tools that write whole manifests. What they own is what an earlier manifest said, and becomes what Git says. */
const makers =
  /^(?:kubectl(?!-rollout)(?:-[a-z-]+)?|before-first-apply|helm|helm-controller|kustomize-controller|gotk-[a-z-]+|flux[a-z-]*|argocd-[a-z-]+|fleetagent|kapp|Go-http-client)$/;

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
/** Taking it away would start every pod anew. */
const restartedAt = "f:kubectl.kubernetes.io/restartedAt";

/** Operations of a JSON patch (RFC 6902). */
type Patch = readonly {
  readonly op: "test" | "replace" | "remove";
  readonly path: string;
  readonly value?: unknown;
}[];

/**
 * The patch that makes what earlier tools own ours, so that the next apply takes away what Git does not name; null where
 * there is nothing of theirs. Only records of the version that is applied are joined: paths of others may mean something else.
 */
export function takeOverPatch(
  live: KubernetesObject,
  apiVersion: string,
  isTheirs: (entry: ManagedFields) => boolean = isMaker,
): Patch | null {
  const entries = live.metadata.managedFields ?? [];
  const theirs = entries.filter((entry) => isTheirs(entry) && entry.apiVersion === apiVersion);
  const annotated = live.metadata.annotations?.[lastApplied] !== undefined;
  if (theirs.length === 0 && !annotated) return null;
  const own = appliedEntries(live, fieldManager).filter((entry) => entry.apiVersion === apiVersion);
  const kept = entries.filter((entry) => !theirs.includes(entry) && !own.includes(entry));
  const left = theirs.flatMap(restartEntry);
  const joined = [...own, ...theirs];
  return [
    { op: "test", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion },
    ...(joined.length === 0
      ? []
      : [
          {
            op: "replace" as const,
            path: "/metadata/managedFields",
            value: [joinedEntry(joined), ...left, ...kept],
          },
        ]),
    ...(annotated
      ? [{ op: "remove" as const, path: `/metadata/annotations/${lastApplied.replace("/", "~1")}` }]
      : []),
  ];
}

/** Whether an entry is of a tool that writes whole manifests. */
export function isMaker({ manager, subresource }: ManagedFields): boolean {
  return manager !== fieldManager && subresource === undefined && makers.test(manager);
}

function joinedEntry(entries: readonly ManagedFields[]): ManagedFields {
  const [first] = entries;
  const fields = entries.map(({ fieldsV1 }) => withoutPaths(fieldsV1) as Trie);
  const newest = entries
    .map(({ time }) => time ?? "")
    .toSorted()
    .at(-1);
  return {
    ...first,
    manager: fieldManager,
    operation: "Apply",
    ...(newest === "" ? {} : { time: newest }),
    fieldsV1: fields.reduce((all, each) => union(all, each)),
  } as ManagedFields;
}

/** Of somebody who restarted pods by an annotation: that part of what they own stays theirs. */
function restartEntry(entry: ManagedFields): readonly ManagedFields[] {
  const path = ["f:spec", "f:template", "f:metadata", "f:annotations"];
  const notes = path.reduce<unknown>((node, key) => (isRecord(node) ? node[key] : undefined), entry.fieldsV1);
  if (!isRecord(notes) || !Object.hasOwn(notes, restartedAt)) return [];
  const leaf: Json = { [restartedAt]: {} };
  const fieldsV1 = path.reduceRight<Json>((below, key) => ({ [key]: below }), leaf);
  return [{ ...entry, fieldsV1: fieldsV1 as ManagedFields["fieldsV1"] }];
}

const leftOut = ["f:status", `f:${lastApplied}`, restartedAt];

function withoutPaths(node: unknown): unknown {
  if (!isRecord(node)) return node;
  const kept = Object.entries(node).filter(([key]) => !leftOut.includes(key));
  return Object.fromEntries(kept.map(([key, below]) => [key, withoutPaths(below)]));
}

type Trie = ManagedFields["fieldsV1"];

function union(one: Trie, other: Trie): Trie {
  const result: Record<string, Json> = { ...one };
  for (const [key, below] of Object.entries(other)) {
    const here = result[key];
    result[key] = isRecord(here) && isRecord(below) ? union(here, below) : below;
  }
  return result;
}
