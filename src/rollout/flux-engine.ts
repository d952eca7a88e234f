/**
 * Flux: Kustomizations that follow a branch through a GitRepository.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/ and https://fluxcd.io/flux/components/source/gitrepositories/
 */

import type { KubernetesObject } from "../model/resource.ts";
import { type EngineReader, type Followed, type Follower, engineMessage } from "./engine.ts";
import { isRepository, readsFolder } from "./git-url.ts";
import {
  type Health,
  conditionReason,
  conditionStatus,
  failed,
  hasCondition,
  progressing,
  ready,
} from "./health-states.ts";
import { recordsAt, textAt, valueAt } from "./json-path.ts";

const versions = (group: string): readonly string[] =>
  ["v1", "v1beta2", "v1beta1"].map((each) => `${group}/${each}`);

export const flux: EngineReader = {
  name: "Flux",
  kinds: [
    { kind: "GitRepository", apiVersions: versions("source.toolkit.fluxcd.io") },
    { kind: "Kustomization", apiVersions: versions("kustomize.toolkit.fluxcd.io") },
  ],
  read(objects, followed) {
    const sources = objects.filter((object) => isSource(object, followed));
    const byName = new Map(sources.map((source) => [nameOf(source.metadata), source]));
    const followers = objects.flatMap((object): readonly Follower[] => {
      const source = object.kind === "Kustomization" ? byName.get(sourceName(object)) : undefined;
      if (source === undefined || !readsFolder(textAt(object, "spec", "path"), followed.path)) return [];
      return [followerOf(object, source, followed.sha)];
    });
    const used = new Set(followers.map(({ object }) => sourceName(object)));
    return { followers, sources: sources.filter((source) => used.has(nameOf(source.metadata))) };
  },
  ask: (since) => ({ "reconcile.fluxcd.io/requestedAt": since }),
};

function isSource(object: KubernetesObject, { repository, branch }: Followed): boolean {
  if (object.kind !== "GitRepository" || !isRepository(textAt(object, "spec", "url"), repository))
    return false;
  const ref = (key: string): string | undefined => textAt(object, "spec", "ref", key);
  // In this order one goes before the other.
  if (ref("commit") !== undefined) return false;
  if (ref("name") !== undefined) return ref("name") === `refs/heads/${branch}`;
  if (ref("semver") !== undefined || ref("tag") !== undefined) return false;
  return ref("branch") === branch;
}

function sourceName(object: KubernetesObject): string {
  if (textAt(object, "spec", "sourceRef", "kind") !== "GitRepository") return "";
  const namespace = textAt(object, "spec", "sourceRef", "namespace") ?? object.metadata.namespace;
  return nameOf({ namespace, name: textAt(object, "spec", "sourceRef", "name") ?? "" });
}

function nameOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace ?? ""}/${name}`;
}

function followerOf(object: KubernetesObject, source: KubernetesObject, sha: string): Follower {
  const reached = (key: string): boolean => textAt(object, "status", key)?.endsWith(sha) === true;
  const applied = reached("lastAppliedRevision");
  const broken = conditionStatus(object, "Ready") === "False" && reached("lastAttemptedRevision");
  return { object, applied, astray: broken, health: healthOf(object, source, { applied, broken }) };
}

function healthOf(
  object: KubernetesObject,
  source: KubernetesObject,
  { applied, broken }: { readonly applied: boolean; readonly broken: boolean },
): Health {
  if (broken) return failed(`${conditionReason(object, "Ready")}: ${messageOf(object)}`);
  if (valueAt(object, "spec", "suspend") === true) return progressing("it is suspended");
  if (applied && hasCondition(object, "Ready", "True")) return ready;
  if (applied) return progressing("it has the commit and is not Ready yet");
  if (conditionStatus(source, "Ready") !== "False") return progressing("it does not have the commit yet");
  return progressing(`its GitRepository ${nameOf(source.metadata)} is not Ready: ${messageOf(source)}`);
}

function messageOf(object: KubernetesObject): string {
  const found = recordsAt(object, "status", "conditions").find((each) => each["type"] === "Ready");
  return engineMessage(textAt(found, "message"));
}
