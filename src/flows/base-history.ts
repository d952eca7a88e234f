/** Which commits lie below the head of the default branch: people can rewrite it, and what they dropped must not come back. */

import { type Result, ok } from "../model/failure.ts";
import type { Tip, RepositoryRef } from "../model/repository.ts";
import type { Code } from "../ports/forge.ts";
import type { World } from "./world.ts";

/** What is known of one repository: commits that lie below a head, that head among them. */
interface Below {
  readonly head: string;
  readonly commits: Set<string>;
}

/** A memory only: it saves asking for each pull request after each move of the default branch. */
const memory = new WeakMap<World, Map<number, Below>>();

/** Answers whether a commit is the head or lies below it. One request for each move of the head, and for each new commit. */
export async function baseHistory(
  world: World,
  { id }: RepositoryRef,
  code: Code,
  { sha }: Tip,
): Promise<(commit: string) => Promise<Result<boolean>>> {
  const known = memory.get(world) ?? new Map<number, Below>();
  memory.set(world, known);
  const last = known.get(id);
  const follows = last !== undefined && (last.head === sha || (await isBelow(code, last.head, sha)));
  const below: Below = { head: sha, commits: new Set([sha, ...(follows ? last.commits : [])]) };
  known.set(id, below);
  return async (commit) => {
    if (below.commits.has(commit)) return ok(true);
    const compared = await compare(code, commit, sha);
    if (compared.ok && compared.value) below.commits.add(commit);
    return compared;
  };
}

async function isBelow(code: Code, commit: string, head: string): Promise<boolean> {
  const compared = await compare(code, commit, head);
  return compared.ok && compared.value;
}

/** Seen from the head, what lies below it is behind: then the answer lists neither commits nor files. */
async function compare(code: Code, commit: string, head: string): Promise<Result<boolean>> {
  const compared = await code.compare(head, commit);
  if (compared.ok) return ok(compared.value.status === "behind" || compared.value.status === "identical");
  const { code: why } = compared.failure;
  return why === "not-found" || why === "incomplete" ? ok(false) : compared;
}
