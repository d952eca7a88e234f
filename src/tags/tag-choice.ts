/** What a policy says of the tags of a repository. */

import type { ChangeKind } from "../model/update.ts";

/**
 * - `chosen`: the one to move to. `current`: the one in use.
 * - `older`: not later than the current one, or later but not the latest that is allowed.
 * - `not-comparable`: another suffix, precision, prefix or kind of number than the current one.
 * - `out-of-range`: outside the range of the policy. `prerelease`: later, but no release while the current one is.
 * - `filtered`: does not match the pattern. `ignored`: named in the list of tags to ignore.
 * - `too-young`: younger than the minimum age, or of unknown age. `no-platform`: not there for a platform that is needed.
 * - `unreadable`: its manifest could not be read.
 */
export type Verdict =
  | "chosen"
  | "older"
  | "not-comparable"
  | "out-of-range"
  | "prerelease"
  | "current"
  | "filtered"
  | "ignored"
  | "too-young"
  | "no-platform"
  | "unreadable";

/** Why a tag is not taken. */
export interface Refusal {
  readonly verdict: Exclude<Verdict, "chosen">;
  /** One sentence without its subject and full stop: `is older than the current 1.2.3`. */
  readonly reason: string;
}

export interface Candidate {
  readonly tag: string;
  readonly verdict: Verdict;
  /** As in `Refusal`. */
  readonly reason: string;
}

/** A tag that may follow the current one. */
export interface Follower {
  readonly tag: string;
  /** Of the change to it. */
  readonly kind: ChangeKind;
}

export interface TagChoice {
  /** Null where nothing newer is allowed. */
  readonly chosen: string | null;
  /** One sentence for a person, why this one or why none. */
  readonly reason: string;
  /** Of the change to the chosen tag. */
  readonly kind: ChangeKind | null;
  /** Every tag that the policy can read, latest first; then those that cannot be compared, filtered and ignored ones. */
  readonly candidates: readonly Candidate[];
  /** Those that may follow, latest first: the first is the chosen one. */
  readonly followers: readonly Follower[];
  /** Tags that the policy cannot read, and that are so no candidates. */
  readonly skipped: number;
  /** What a tag is to the policy: `version`, `number`, `date`. */
  readonly noun: string;
  /** Whether the current tag is outside the policy's range itself: then it is left alone, digest and all. */
  readonly outside: boolean;
}

/** What a policy is asked. Tags may come in any order and more than once. */
export interface TagQuestion {
  /** The tag in use; null where the reference has none. */
  readonly current: string | null;
  readonly tags: readonly string[];
}
