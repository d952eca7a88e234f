/** What runs where: one app of a repository's configuration. */

/** How far Lockkeeper goes for an app; each mode includes the ones before it. */
export type Mode = "observe" | "propose" | "gate" | "apply";

/** One folder of the repository and where it runs. */
export interface App {
  readonly name: string;
  /** Folder of the repository, no slash at either end; `.` is the whole repository. */
  readonly path: string;
  /** For namespaced objects that name none. */
  readonly namespace?: string;
  readonly environment: string;
  readonly mode: Mode;
  readonly prune: boolean;
  readonly drift: "report" | "heal";
  /** Seconds that a rollout may take to become healthy. */
  readonly waitSeconds: number;
}
