/** What guards the default branch: read once in a while, said in the check, and warned of once. */

import type { RepositoryRef } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import type { BranchGuard } from "../../ports/merges.ts";
import { signoffCheck } from "../../signoff/check-name.ts";
import { guardProblems } from "../../signoff/guard-text.ts";
import type { World } from "../world.ts";

interface Known {
  readonly guard: BranchGuard;
  readonly readAt: number;
  /** The problems that were warned of. */
  readonly warned: string;
}

/** By repository and branch. A memory only: losing it costs two requests. */
const memory = new WeakMap<World, Map<string, Known>>();

const freshMinutes = 10;

/** As it was at most ten minutes ago; null where GitHub does not tell, which changes no verdict. */
export async function guardOf(
  world: World,
  repository: RepositoryRef,
  forge: RepositoryForge,
  branch: string,
): Promise<BranchGuard | null> {
  const known = memory.get(world) ?? new Map<string, Known>();
  memory.set(world, known);
  const key = `${repository.id} ${branch}`;
  const last = known.get(key);
  const now = world.clock.now().getTime();
  if (last !== undefined && now - last.readAt < freshMinutes * 60_000) return last.guard;
  const read = await forge.merges.guard(branch, signoffCheck);
  if (!read.ok) {
    const { code, message } = read.failure;
    world.log.warn({ repository: repository.id, code }, message);
    return last?.guard ?? null;
  }
  const guard = read.value;
  const problems = guardProblems(branch, guard);
  const warned = problems.join(" ");
  if (warned !== "" && warned !== last?.warned) world.log.warn({ repository: repository.id, branch }, warned);
  known.set(key, { guard, readAt: now, warned });
  return guard;
}
