/** What a policy says of the tags of a repository. */

import type { ChangeKind } from "../model/update.ts";

/**
 * - `chosen`: the one to move to. `current`: the one in use.
 * - `older`: not later than the current one, or later but not the latest that is allowed.
 * - `not-comparable`: another suffix, precision, prefix or kind of number than the current one.
 * - `out-of-range`: outside the range of the policy. `prerelease`: later, but no release while the current one is.
 */
export type Verdict = "chosen" | "older" | "not-comparable" | "out-of-range" | "prerelease" | "current";

export interface Candidate {
  readonly tag: string;
  readonly verdict: Verdict;
  /** One sentence without its subject and full stop: `is older than the current 1.2.3`. */
  readonly reason: string;
}

export interface TagChoice {
  /** Null where nothing newer is allowed. */
  readonly chosen: string | null;
  /** One sentence for a person, why this one or why none. */
  readonly reason: string;
  /** Of the change to the chosen tag. */
  readonly kind: ChangeKind | null;
  /** Every tag that is a version, latest first, those that cannot be compared last. */
  readonly candidates: readonly Candidate[];
  /** Tags that are no versions, and so no candidates. */
  readonly skipped: number;
}

/** What a policy is asked. Tags may come in any order and more than once. */
export interface TagQuestion {
  /** The tag in use; null where the reference has none. */
  readonly current: string | null;
  readonly tags: readonly string[];
}
