/** What judging a pull request needs, gathered once by the flow: plain values, so that the judgement is pure. */

import type { Person } from "../model/pull.ts";
import type { ChangeKind } from "../model/update.ts";

/** An app of which the pull request changes at least one input. */
export interface TouchedApp {
  readonly name: string;
  readonly environment: string;
  /** The changed paths among its inputs; a renamed file counts under both names. */
  readonly paths: readonly string[];
  /** Fewest approvals that the cluster side demands, whatever the repository says; 0 for none. */
  readonly floor: number;
}

/** What is to be signed off. */
export interface Change {
  readonly pull: number;
  readonly author: Person;
  /**
   * Logins of those who moved its branch since we built it, or ever; null where GitHub does not tell. Read only for rules
   * about authors, else empty.
   */
  readonly pushers: readonly string[] | null;
  /** Every changed path, both names of a renamed file. */
  readonly paths: readonly string[];
  readonly kinds: readonly ChangeKind[];
  readonly apps: readonly TouchedApp[];
  /** It changes Lockkeeper's own configuration file. */
  readonly configuration: boolean;
}

/** Somebody who had a hand in the change and therefore cannot approve it. */
export interface Contributor {
  /** Null where only the login is known: from the address of a co-author. */
  readonly id: number | null;
  readonly login: string;
  readonly part: "author" | "commit-author" | "committer" | "co-author" | "pusher";
  /** The commit that shows it; null for the author of the pull request. */
  readonly sha: string | null;
}

/**
 * What somebody saw when approving, compared with the change now: the same, another one (at commit `sha`, with what differs,
 * as text from outside), or nothing that could be proven.
 */
export type Sight =
  | { readonly type: "same" }
  | { readonly type: "other"; readonly sha: string; readonly difference?: string }
  | { readonly type: "unproven"; readonly why: string };

/** Where one person stands after all their reviews. */
export interface Opinion {
  readonly person: Person;
  readonly state: "approved" | "changes-requested";
  readonly saw: Sight;
  /** Which approvers (`approverText`) of the demands this person is. */
  readonly matches: readonly string[];
}

export interface SignoffFacts {
  readonly contributors: readonly Contributor[];
  /** Commits by others than us that GitHub attributes to no account. */
  readonly unattributed: readonly string[];
  readonly opinions: readonly Opinion[];
}
