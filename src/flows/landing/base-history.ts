/** Which commits lie below the head of the default branch: people can rewrite it, and what they dropped must not come back. */

import { type Result, ok } from "../../model/failure.ts";
import type { Tip, RepositoryRef } from "../../model/repository.ts";
import type { Code } from "../../ports/forge.ts";
import type { World } from "../world.ts";

/** What is known of one repository. */
interface Known {
  readonly head: string;
  /** Commits that lie below the head, itself among them. */
  readonly below: Set<string>;
  /** Commits that do not, as they were taken off. */
  readonly beside: Set<string>;
}

/** A memory only: it saves asking for each pull request after each move of the default branch. */
const memory = new WeakMap<World, Map<number, Known>>();

/** Answers whether a commit is the head or lies below it. One request for each move of the head, and for each new commit. */
export async function baseHistory(
  world: World,
  { id }: RepositoryRef,
  code: Code,
  { sha }: Tip,
): Promise<(commit: string) => Promise<Result<boolean>>> {
  const known = memory.get(world) ?? new Map<number, Known>();
  memory.set(world, known);
  const last = known.get(id);
  if (last?.head === sha) return answering(code, last);
  const follows = last !== undefined && (await isBelow(code, last.head, sha));
  const now = { head: sha, below: new Set([sha, ...(follows ? last.below : [])]), beside: new Set<string>() };
  known.set(id, now);
  return answering(code, now);
}

function answering(code: Code, { head, below, beside }: Known): (commit: string) => Promise<Result<boolean>> {
  return async (commit) => {
    if (below.has(commit) || beside.has(commit)) return ok(below.has(commit));
    const compared = await compare(code, commit, head);
    if (compared.ok) (compared.value ? below : beside).add(commit);
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
