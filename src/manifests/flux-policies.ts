/** The image automation of Flux in a repository: policies, what they are about, and which folders are updated. */

import { posix } from "node:path";
import { groupOf } from "../model/resource.ts";
import { type Cursor, childOf, descend, itemsOf, textAt, textOf } from "./cursor.ts";
import { type Layered, patched } from "./flux-patches.ts";
import { type Labels, type Selects, labelsAt, readSelector } from "./label-selector.ts";
import { type Files, objectsWith, rememberedFor } from "./repository-objects.ts";

/** An ImagePolicy with the ImageRepository that it chooses from. https://fluxcd.io/flux/components/image/imagepolicies/ */
export interface FluxPolicy {
  readonly name: string;
  /** Null where the kustomization that applies it gives one. */
  readonly namespace: string | null;
  /** Null where its ImageRepository is not in the repository. */
  readonly image: string | null;
  readonly settings: Readonly<Record<string, string>>;
  readonly labels: Labels;
  readonly suspended: boolean;
}

/** One ImageUpdateAutomation. */
export interface FluxAutomation {
  readonly namespace: string | null;
  /** The folder that it updates; `.` for all. */
  readonly path: string;
  /** Whether it takes a policy with these labels. */
  readonly selects: Selects;
  readonly suspended: boolean;
}

export interface FluxImages {
  readonly policies: readonly FluxPolicy[];
  readonly automations: readonly FluxAutomation[];
}

const group = "image.toolkit.fluxcd.io";

export const fluxImages = rememberedFor((files: Files): FluxImages => {
  const objects = objectsWith(group, files).filter(
    ({ object }) => groupOf(textAt(object, "apiVersion")) === group,
  );
  const ofKind = (kind: string): readonly Layered[] =>
    objects.filter(({ object }) => textAt(object, "kind") === kind).map((one) => patched(one, files));
  const repositories = ofKind("ImageRepository");
  return {
    policies: ofKind("ImagePolicy").map((policy) => policyOf(policy, repositories)),
    automations: ofKind("ImageUpdateAutomation").map(automationOf),
  };
});

function policyOf(policy: Layered, repositories: readonly Layered[]): FluxPolicy {
  const namespace = namespaceOf(policy);
  const metadata = childOf(policy[0], "metadata");
  const wanted = at(policy, ["spec", "imageRepositoryRef", "name"]);
  const repository = repositories.find(
    (one) =>
      at(one, ["metadata", "name"]) === wanted &&
      isSameNamespace(namespaceOf(one), at(policy, ["spec", "imageRepositoryRef", "namespace"]) || namespace),
  );
  return {
    name: at(policy, ["metadata", "name"]),
    namespace,
    image: repository === undefined ? null : at(repository, ["spec", "image"]) || null,
    settings: settingsOf(policy, repository),
    labels: metadata === null ? {} : labelsAt(metadata, "labels"),
    suspended: isSuspended(policy) || (repository !== undefined && isSuspended(repository)),
  };
}

/** Where each setting stands in an ImagePolicy. */
const settingPaths: Readonly<Record<string, readonly string[]>> = {
  semver: ["spec", "policy", "semver", "range"],
  alphabetical: ["spec", "policy", "alphabetical", "order"],
  numerical: ["spec", "policy", "numerical", "order"],
  pattern: ["spec", "filterTags", "pattern"],
  extract: ["spec", "filterTags", "extract"],
  digestReflectionPolicy: ["spec", "digestReflectionPolicy"],
};

function settingsOf(policy: Layered, repository: Layered | undefined): Readonly<Record<string, string>> {
  const given = Object.entries(settingPaths).map(([name, path]) => [name, at(policy, path)] as const);
  const ordered = ["alphabetical", "numerical"].filter(
    (name) => newest(policy, ["spec", "policy", name]) !== null,
  );
  const excluded = repository === undefined ? null : newest(repository, ["spec", "exclusionList"]);
  const exclusions = excluded === null ? [] : itemsOf(excluded).map((item) => textOf(item) ?? "");
  return Object.fromEntries([
    ...ordered.map((name) => [name, "asc"]),
    ...given.filter(([, text]) => text !== ""),
    ...(excluded === null ? [] : [["exclusionList", exclusions.join("\n")]]),
  ]);
}

function automationOf(automation: Layered): FluxAutomation {
  const path = posix.normalize(at(automation, ["spec", "update", "path"]) || ".").replace(/\/$/, "");
  const selector = newest(automation, ["spec", "policySelector"]);
  return {
    namespace: namespaceOf(automation),
    path,
    selects: selector === null ? () => true : readSelector(selector),
    suspended: isSuspended(automation),
  };
}

/** Where one of two does not say its namespace, it may be the same. */
export function isSameNamespace(one: string | null, other: string | null): boolean {
  return one === null || other === null || one === other;
}

function namespaceOf(object: Layered): string | null {
  return at(object, ["metadata", "namespace"]) || null;
}

function isSuspended(object: Layered): boolean {
  return at(object, ["spec", "suspend"]) === "true";
}

function at(object: Layered, path: readonly string[]): string {
  return textOf(newest(object, path)) ?? "";
}

/** What the last patch says that says anything of it. */
function newest(layers: Layered, path: readonly string[]): Cursor | null {
  const [object, ...patches] = layers;
  const isName = path[0] === "metadata";
  const found = (isName ? [] : patches).flatMap((patch) => descend(patch, path) ?? []);
  return found.at(-1) ?? descend(object, path);
}
