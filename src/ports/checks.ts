/** Checks of commits, as this App writes them. */

import type { Result } from "../model/failure.ts";

export type CheckConclusion = "success" | "action_required" | "failure";

/** Words beside a line of a file; 1-based. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: "failure" | "warning";
  readonly message: string;
}

export interface CheckReport {
  readonly name: string;
  readonly sha: string;
  /** What the verdict was made for; equal text means equal verdict. */
  readonly externalId: string;
  readonly conclusion: CheckConclusion;
  readonly title: string;
  readonly summary: string;
  /** Markdown below the summary. */
  readonly text?: string;
  /** Written, never read back; GitHub takes 50. */
  readonly annotations?: readonly Annotation[];
}

export interface CheckRun extends CheckReport {
  readonly id: number;
  readonly completedAt: string | null;
}

/** Check runs of this App only: what another app wrote under our name is not seen. */
export interface Checks {
  /** All runs of that name on a commit, newest first. */
  list(sha: string, name: string): Promise<Result<readonly CheckRun[]>>;
  create(report: CheckReport): Promise<Result<CheckRun>>;
  update(id: number, report: CheckReport): Promise<Result<CheckRun>>;
}
