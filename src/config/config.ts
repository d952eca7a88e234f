/** The shape of `.github/lockkeeper.yml` and of the cluster-side targets, defaults filled in. */

import type { KindPaths } from "../manifests/kind-paths.ts";
import type { ConflictRule, Engine, HelmSettings, IgnoreRule, Mode } from "../model/app.ts";
import type { Count, SignoffRules } from "../signoff/rule.ts";
import type { ImagePolicy } from "../tags/policy.ts";
import type { Promotion } from "./environment-settings.ts";
import type { PullSettings } from "./pull-settings.ts";

/** Where the configuration lives; read from the default branch only. */
export const configPath = ".github/lockkeeper.yml";

/** One entry of `apps`: a folder, or a pattern with captures like `apps/{app}/overlays/{environment}`. */
export interface AppEntry {
  readonly pattern: string;
  /** Name, namespace and environment may use the captures of the pattern. */
  readonly name?: string;
  readonly namespace?: string;
  readonly environment?: string;
  readonly mode: Mode;
  readonly engine?: Engine;
  readonly prune: boolean;
  readonly drift: "report" | "heal";
  readonly waitSeconds: number;
  readonly rollback: "off" | "auto";
  /** Names of apps; may use the captures. */
  readonly dependsOn: readonly string[];
  readonly takeOver: boolean;
  readonly conflicts: readonly ConflictRule[];
  readonly recreate: readonly string[];
  readonly ignore: readonly IgnoreRule[];
  readonly extras: boolean;
  /** Its texts may use the captures of the pattern too. */
  readonly helm?: HelmSettings;
}

/** One entry of `images`; the first that matches an image and environment wins. */
export interface ImageRule extends ImagePolicy {
  readonly match: string;
  /** Absent: all. */
  readonly environments?: readonly string[];
}

export interface Config {
  readonly apps: readonly AppEntry[];
  /** What an environment waits for, by its name; one that waits for nothing is not in it. */
  readonly environments: ReadonlyMap<string, Promotion>;
  readonly images: readonly ImageRule[];
  /** Where kinds that are not known by themselves name their images. */
  readonly shapes: readonly KindPaths[];
  readonly pulls: PullSettings;
  readonly signoff: SignoffRules;
}

/** One entry of the targets file: what the cluster lets one repository touch. */
export interface Target {
  /** `owner/name` as written. */
  readonly repository: string;
  /** Globs over the folders of apps. */
  readonly paths: readonly string[];
  /** Globs over namespaces. */
  readonly namespaces: readonly string[];
  /** Kinds allowed beyond namespaced kinds that are not RBAC. */
  readonly allowedKinds: readonly string[];
  /** `namespace/name`, or `self`. */
  readonly serviceAccount: string;
  readonly baseline: "head" | "none";
  /** What a change of the repository's apps needs at least. */
  readonly floor: Count | null;
}

/** A problem of a settings file, 1-based. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
