/** What a team can demand before a change counts as signed off. */

import type { ChangeKind } from "../model/update.ts";

/**
 * Who can give an approval: `team:ORG/SLUG` (child teams included), `user:LOGIN`, or whoever has at least a permission on
 * the repository (`write`, `maintain`, `admin`).
 */
export type Approver =
  | { readonly type: "team"; readonly team: string }
  | { readonly type: "user"; readonly login: string }
  | { readonly type: "permission"; readonly atLeast: "write" | "maintain" | "admin" };

/** So many approvals by distinct people who each match one of `anyOf`. */
export interface Need {
  readonly approvals: number;
  readonly anyOf: readonly Approver[];
}

/** Every condition that is given must hold; none given means every change of an app. Globs are those of `matchesGlob`. */
export interface When {
  readonly environments?: readonly string[];
  readonly apps?: readonly string[];
  readonly paths?: readonly string[];
  readonly kinds?: readonly ChangeKind[];
  readonly authors?: readonly string[];
}

export interface Rule {
  readonly name: string;
  readonly when: When;
  readonly need: Need;
}

/** The `signoff` part of a repository's configuration, defaults filled in. */
export interface SignoffRules {
  /** Who signs changes of the configuration itself. */
  readonly owners: readonly Approver[];
  /** For a change of an app that no rule covers. */
  readonly default: Need;
  /** Every rule that applies must be satisfied. */
  readonly rules: readonly Rule[];
}
