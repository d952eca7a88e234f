/** What judging a pull request needs, gathered once by the flow: plain values, so that the judgement is pure. */

import type { Person } from "../model/pull.ts";
import type { ChangeKind } from "../model/update.ts";
import type { Approver, Freeze, Need } from "./rule.ts";

/** An app of which the pull request changes at least one input. */
export interface TouchedApp {
  readonly name: string;
  readonly environment: string;
  /** The changed paths among its inputs; a renamed file counts under both names. */
  readonly paths: readonly string[];
  /** What the cluster side demands, whatever the repository says; empty for nothing. */
  readonly floor: Need;
}

/** A changed file that CODEOWNERS gives owners. */
export interface OwnedFile {
  readonly path: string;
  readonly owners: readonly Approver[];
  /** E-mail addresses among the owners: nobody can be told from them. */
  readonly addresses: readonly string[];
}

/** How many lines a change adds and deletes: at least so many, and exactly so many where every file was counted. */
export interface Size {
  readonly lines: number;
  readonly exact: boolean;
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
  readonly labels: readonly string[];
  readonly size: Size;
  readonly apps: readonly TouchedApp[];
  /** It changes Lockkeeper's own configuration file. */
  readonly configuration: boolean;
  /** It changes a file that CODEOWNERS may be read from, and a rule asks code owners. */
  readonly codeowners: boolean;
  /** By CODEOWNERS of the base, where a rule asks code owners; null where it was not read. */
  readonly owned: readonly OwnedFile[] | null;
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

/** A freeze that the change falls under: now, or from its beginning on. */
export interface FreezeAhead {
  readonly freeze: Freeze;
  readonly apps: readonly TouchedApp[];
  readonly began: boolean;
}

export interface SignoffFacts {
  readonly contributors: readonly Contributor[];
  /** Commits by others than us that GitHub attributes to no account. */
  readonly unattributed: readonly string[];
  readonly opinions: readonly Opinion[];
}
