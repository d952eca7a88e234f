/** What a team can demand before a change counts as signed off. */

import type { ChangeKind } from "../model/update.ts";

/**
 * Who can give an approval: `team:ORG/SLUG` (child teams included), `user:LOGIN`, `org:NAME` (its members), whoever has at
 * least a permission on the repository (`write`, `maintain`, `admin`), or `codeowners`: the owners of the changed files.
 */
export type Approver =
  | { readonly type: "team"; readonly team: string }
  | { readonly type: "user"; readonly login: string }
  | { readonly type: "organisation"; readonly organisation: string }
  | { readonly type: "permission"; readonly atLeast: "write" | "maintain" | "admin" }
  | { readonly type: "codeowners" };

/** So many approvals by distinct people who each match one of `anyOf`. */
export interface Count {
  readonly approvals: number;
  readonly anyOf: readonly Approver[];
}

/** All of the counts must be reached. One person may count for several of them, and once for each. */
export type Need = readonly Count[];

/**
 * Every condition that is given must hold; none given means every change of an app. Globs are those of `matchesGlob`. A rule
 * by labels only adds to what is demanded, because whoever may triage can set and remove them.
 */
export interface When {
  readonly environments?: readonly string[];
  readonly apps?: readonly string[];
  readonly paths?: readonly string[];
  readonly kinds?: readonly ChangeKind[];
  readonly authors?: readonly string[];
  readonly labels?: readonly string[];
  readonly lines?: Lines;
}

/** Bounds, both included, of how many lines the whole change adds and deletes. */
export interface Lines {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Rule {
  readonly name: string;
  readonly when: When;
  readonly need: Need;
  /** Rules whose place it takes when it is satisfied. */
  readonly instead?: readonly string[];
  /** Satisfied, it lets what it covers through a freeze. */
  readonly duringFreeze?: boolean;
}

/** A time in which nothing of some environments is signed off. Times are instants in ISO 8601, the end not included. */
export interface Freeze {
  readonly name: string;
  /** Globs; absent: all. */
  readonly environments?: readonly string[];
  readonly begins: string;
  readonly ends: string;
  /** In which it was written; for people. */
  readonly timezone: string;
  /** An approval of any of these lets a change through. */
  readonly except: readonly Approver[];
}

/** The `signoff` part of a repository's configuration, defaults filled in. */
export interface SignoffRules {
  /** Who signs changes of the configuration itself, and of CODEOWNERS where a rule asks them. */
  readonly owners: readonly Approver[];
  /** For a change of an app that no rule covers. */
  readonly default: Need;
  /** Every rule that applies must be satisfied, but for those whose place another one takes. */
  readonly rules: readonly Rule[];
  readonly freeze: readonly Freeze[];
  /** Who may let a change through past all of this; nobody where empty. */
  readonly override: readonly Approver[];
}
