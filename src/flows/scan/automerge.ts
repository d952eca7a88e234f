/** Has bumps merged that are signed off and that the configuration lets merge by themselves, and keeps the others from it. */

import { type Result, fail, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import type { MergeMethod, Merges, Readiness } from "../../ports/merges.ts";
import { signoffCheck } from "../../signoff/check-name.ts";
import type { OwnBump } from "../check/check-bump.ts";
import { rebuildPull } from "./rebuild.ts";
import type { World } from "../world.ts";

/**
 * What we had GitHub merge as soon as it may is no longer for it to merge. To be done before a verdict is published: then
 * no success can meet an order that has lost its ground. An order that a person has given stands.
 */
export async function stopMerging(
  world: World,
  repository: RepositoryRef,
  bumps: readonly OwnBump[],
): Promise<Result<void>> {
  for (const { pull } of bumps) {
    if (pull.autoMergeBy?.id !== pull.author.id) continue;
    const { merges } = world.forge.open(repository, "merge");
    const stopped = await merges.disableAutoMerge(pull.nodeId);
    // Refused where nobody has given the order any more.
    if (!stopped.ok && stopped.failure.code !== "rejected") return stopped;
    world.log.info({ repository: repository.id, pull: pull.number }, "no longer merges by itself");
  }
  return ok(undefined);
}

/**
 * One step for a bump whose newest verdict is a success: built anew where the branch must be up to date to merge and is not,
 * else merged where it merges by itself. Once more changes nothing; `conflict` where GitHub does not know yet.
 */
export async function advanceBump(
  world: World,
  repository: RepositoryRef,
  bump: OwnBump,
): Promise<Result<void>> {
  const { pull, automerge, behind } = bump;
  if (!automerge && !behind) return ok(undefined);
  const { merges } = world.forge.open(repository, "merge");
  const ready = await merges.readiness(pull.number);
  if (!ready.ok) return ready;
  const { word, headSha, queue } = ready.value;
  if (headSha !== pull.headSha || queue === "inside") return ok(undefined);
  if (word === "unknown")
    return fail("conflict", `GitHub does not know yet whether #${pull.number} can merge`);
  if (word === "behind") {
    const rebuilt = await rebuildPull(world, repository, { number: pull.number, discard: false });
    return rebuilt.ok ? rebuilt : tolerated(world, repository, bump, rebuilt);
  }
  if (!automerge) return ok(undefined);
  const done = await mergeReady(merges, bump, ready.value);
  if (!done.ok) return tolerated(world, repository, bump, done);
  if (done.value !== null) world.log.info({ repository: repository.id, pull: pull.number }, done.value);
  return ok(undefined);
}

type Refused = Extract<Result<never>, { ok: false }>;

/** What GitHub refuses now is tried again at the next event or resync, not at once. */
function tolerated(world: World, { id }: RepositoryRef, { pull }: OwnBump, refused: Refused): Result<void> {
  if (refused.failure.code !== "rejected") return refused;
  world.log.warn({ repository: id, pull: pull.number }, refused.failure.message);
  return ok(undefined);
}

/** Answers what was done; null where something else is awaited first. */
async function mergeReady(
  merges: Merges,
  { pull }: OwnBump,
  { word, queue, autoMerge, methods }: Readiness,
): Promise<Result<string | null>> {
  if (queue === "outside") {
    if (!isReady(word) && word !== "blocked") return ok(null);
    const queued = await merges.enqueue(pull);
    return queued.ok ? ok("put into the merge queue") : queued;
  }
  if (isReady(word)) {
    const merged = await firstAllowed(methods, (method) => merges.merge(pull, method));
    return merged.ok ? ok("merged by itself") : merged;
  }
  if (word !== "blocked" || !autoMerge || (pull.autoMergeBy ?? null) !== null) return ok(null);
  // Where our check is not required, GitHub would merge whatever becomes of the sign-off.
  const required = await merges.requires(pull.baseBranch, signoffCheck);
  if (!required.ok) return required;
  if (!required.value) return ok(null);
  const ordered = await firstAllowed(methods, (method) => merges.enableAutoMerge(pull, method));
  return ordered.ok ? ok("left to GitHub to merge") : ordered;
}

function isReady(word: Readiness["word"]): boolean {
  return word === "clean" || word === "has_hooks";
}

/** A branch can refuse a method that its repository allows. */
async function firstAllowed<T>(
  methods: readonly MergeMethod[],
  attempt: (method: MergeMethod) => Promise<Result<T>>,
): Promise<Result<T>> {
  let last: Result<T> = fail("rejected", "the repository allows no way to merge");
  for (const method of methods) {
    last = await attempt(method);
    if (last.ok || last.failure.code !== "rejected") return last;
  }
  return last;
}
