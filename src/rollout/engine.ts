/** What another engine tells of an app that follows its branch: the words that Flux and Argo CD share. */

import type { KubernetesObject } from "../model/resource.ts";
import type { GitHubPlace } from "./git-url.ts";
import type { Health } from "./health-states.ts";

/** Which objects are looked for: those that read this folder from this branch of this repository. */
export interface Followed {
  readonly repository: GitHubPlace;
  readonly branch: string;
  readonly path: string;
  readonly sha: string;
}

/** One object that follows the branch. */
export interface Follower {
  readonly object: KubernetesObject;
  /** Ready when it has the commit and says that it is well. */
  readonly health: Health;
  /** What is live is not what the commit says, or is not well: told as drift once the commit has arrived. */
  readonly astray: boolean;
  /** Whether it has taken the commit. */
  readonly applied: boolean;
}

/** One engine: which kinds of object it has, and how they are read. */
export interface EngineReader {
  readonly name: string;
  readonly kinds: readonly { readonly kind: string; readonly apiVersions: readonly string[] }[];
  /** The objects that follow, and those that only have to be asked beside them. */
  read(
    objects: readonly KubernetesObject[],
    followed: Followed,
  ): { readonly followers: readonly Follower[]; readonly sources: readonly KubernetesObject[] };
  /** The annotation that asks for a reconciliation now; `since` is the same for one commit. */
  ask(since: string): Readonly<Record<string, string>>;
}

/** What an engine says goes into comments: not where it speaks of Secrets, whose values it may hold. */
export function engineMessage(message: string | undefined): string {
  const text = (message ?? "").trim();
  return /secret/i.test(text)
    ? "its message speaks of a Secret and is not repeated here"
    : text.slice(0, 300);
}
