/** Commits and moves of branches that no button makes, by the Git data API, as anybody with write access can. */

import { type Login, type SignoffWorld } from "../flows/signoff-world.ts";
import type { Answer } from "../flows/user-call.ts";

/** Calls the API of a repository as one of its people. */
export type Caller<L extends string> = (
  login: L,
  method: string,
  path: string,
  body?: unknown,
) => Promise<Answer>;

interface CommitDraft {
  readonly parents: readonly string[];
  readonly files: Readonly<Record<string, string | null>>;
  readonly message?: string;
  readonly author?: { readonly name: string; readonly email: string };
}

/** A commit with these files put over the tree of its first parent; text by path, null takes one away. */
export async function commitOn<L extends string>(
  { as }: { readonly as: Caller<L> },
  login: L,
  { parents, files, ...more }: CommitDraft,
): Promise<string> {
  const tree = await as(login, "POST", "/git/trees", {
    base_tree: parents[0],
    tree: Object.entries(files).map(([path, content]) => {
      const entry = { path, mode: "100644", type: "blob" };
      return content === null ? { ...entry, sha: null } : { ...entry, content };
    }),
  });
  const commit = { message: "Change", tree: tree.sha, parents, ...more };
  return (await as(login, "POST", "/git/commits", commit)).sha;
}

export async function tipOf({ as }: SignoffWorld, branch: string): Promise<string> {
  return (await as("mallory", "GET", `/git/ref/heads/${branch}`)).object.sha;
}

/** Moves a branch, by force where that is needed, and lets time pass. */
export async function move(signoff: SignoffWorld, login: Login, branch: string, sha: string): Promise<void> {
  await signoff.as(login, "PATCH", `/git/refs/heads/${branch}`, { sha, force: true });
  signoff.pass();
}
