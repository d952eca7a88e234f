/** What runs where: one app of a repository's configuration. */

/** How far Lockkeeper goes for an app; each mode includes the ones before it. */
export const modes = ["observe", "propose", "gate", "apply"] as const;
export type Mode = (typeof modes)[number];

/** Who brings into the cluster what a mode lets through. */
export const engines = ["own", "flux", "argocd"] as const;
export type Engine = (typeof engines)[number];

/**
 * What becomes of a field that another manager has written: `take` it, `yield` it, or `fail` the deployment. `paths` as
 * reports write them (`spec.replicas`, `spec.template.spec.containers[name=web].image`), with all that is below.
 */
export interface ConflictRule {
  /** Absent: all. */
  readonly kinds?: readonly string[];
  readonly paths: readonly string[];
  readonly policy: "take" | "yield" | "fail";
}

/** Fields that are never reported as drift, with all that is below them; what Git says is applied all the same. */
export interface IgnoreRule {
  /** Absent: all. */
  readonly kinds?: readonly string[];
  /** Names of objects; `*` stands for any part of one. Absent: all. */
  readonly names?: readonly string[];
  /** As reports write them. */
  readonly paths: readonly string[];
}

/** How a chart is rendered. */
export interface HelmSettings {
  /** What templates are told as the release's name; default: the app's name. */
  readonly release?: string;
  /** Files of values on top of the chart's own, in order, by their paths from the app's folder. */
  readonly values: readonly string[];
}

/** One folder of the repository and where it runs. */
export interface App {
  readonly name: string;
  /** Folder of the repository, no slash at either end; `.` is the whole repository. */
  readonly path: string;
  /** For namespaced objects that name none. */
  readonly namespace?: string;
  readonly environment: string;
  readonly mode: Mode;
  /** Absent: `own`. */
  readonly engine?: Engine;
  readonly prune: boolean;
  readonly drift: "report" | "heal";
  /** Seconds that a rollout may take to become healthy. */
  readonly waitSeconds: number;
  /** Whether what does not become healthy is proposed to be taken back. Default: `off`. */
  readonly rollback?: "off" | "auto";
  /** Names of apps of the repository that must be healthy first. */
  readonly dependsOn?: readonly string[];
  /** Whether objects may be taken over that another engine manages. */
  readonly takeOver?: boolean;
  /** The first that matches counts; where none does, fields are taken. */
  readonly conflicts?: readonly ConflictRule[];
  /** Kinds whose objects may be deleted and made anew where a field that never changes has changed. */
  readonly recreate?: readonly string[];
  readonly ignore?: readonly IgnoreRule[];
  /** Whether objects beside the app's own, in its namespaces, count as drift. */
  readonly extras?: boolean;
  /** For a folder that holds a chart. */
  readonly helm?: HelmSettings;
}
