/** Mode gate: a branch of the app's own stands at its newest signed commit, for others to follow. Applies nothing. */

import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Inventory, Pending } from "../../rollout/inventory.ts";
import { liveBranch } from "../../model/live-branch.ts";
import { save } from "../deploy/deploy-apply.ts";
import { newPending } from "../deploy/deploy-course.ts";
import { endDrift } from "../drift/drift-issue.ts";
import { emptyInventory } from "../deploy/empty-inventory.ts";
import { holdBranch } from "./gate-branch.ts";
import { askNow, lookAt, tellSeen, tellStray } from "./gate-engine.ts";
import type { Gate } from "./gate-input.ts";
import { bringsTheSame, longProof } from "../landing/standing.ts";

/**
 * What is about to be done is on record before it is done: whoever finds the branch elsewhere than there, or where it was
 * before, finds a move of somebody else's.
 */
export async function gate(at: Gate, apps: readonly App[]): Promise<Result<void>> {
  const { world, input, app } = at;
  const branch = branchOf(app, apps);
  if (branch === null) {
    world.log.warn(
      { path: app.path, app: app.name },
      "no branch of its own: another app has it, or no branch can",
    );
    return ok(undefined);
  }
  const before = world.inventories.get(input.hash) ?? emptyInventory(input, app.name);
  const wanted = wantedOf(at, before);
  const known = { ...before, name: app.name, pending: wanted, gated: true } as const;
  const changed = before.gated !== true || before.pending !== wanted;
  const saved = changed ? await save(world, known, input.digestKey) : ok(before);
  if (!saved.ok) return saved;
  const sha = wanted?.sha ?? before.applied ?? at.standing.sha;
  const ours = [before.applied, before.pending?.sha ?? null, sha];
  const where = { name: app.name, branch, sha, ours: first(before) ? null : ours };
  const held = await holdBranch(world, input, where);
  if (!held.ok) return held;
  return wanted === null
    ? lookAfter(at, branch, sha)
    : follow(at, branch, { ...saved.value, pending: wanted });
}

/** Two apps that share a name would pull one branch to and fro. */
function branchOf(app: App, apps: readonly App[]): string | null {
  const shared = apps.some(({ name, path }) => name === app.name && path !== app.path);
  return shared ? null : liveBranch(app.name);
}

const first = ({ applied, pending }: Inventory): boolean => applied === null && pending === null;

/** The commit that is on its way; a newer one where landings have come since. Null where the branch stays. */
function wantedOf({ world, standing }: Gate, before: Inventory): Pending | null {
  const { pending } = before;
  if (pending !== null && bringsTheSame(pending, standing)) return pending;
  if (!first(before) && standing.landings.length === 0 && standing.commits < longProof) return null;
  return newPending(world, { standing, inventory: before, plan: { objects: [], refusals: [] } });
}

/** Nobody is known who follows the branch. */
const isOwn = ({ app }: Gate): boolean => (app.engine ?? "own") === "own";

/** The engine is asked to take the commit at once, and the commit counts as applied once the engine says that it is well. */
async function follow(
  at: Gate,
  branch: string,
  inventory: Inventory & { readonly pending: Pending },
): Promise<Result<void>> {
  const { world, input } = at;
  if (isOwn(at)) return arrive(at, inventory, inventory.pending);
  const appliedAt = inventory.pending.appliedAt ?? world.clock.now().toISOString();
  const pending = { ...inventory.pending, appliedAt };
  const stood =
    inventory.pending.appliedAt === null
      ? await save(world, { ...inventory, pending }, input.digestKey)
      : ok(inventory);
  if (!stood.ok) return stood;
  const seen = await lookAt(at, branch, pending.sha);
  if (!seen.ok) return seen;
  const asked = seen.value === null ? ok(undefined) : await askNow(at, seen.value, pending);
  if (!asked.ok) return asked;
  const done = await tellSeen(at, seen.value, { ...stood.value, pending });
  if (!done.ok) return done;
  return done.value === null ? ok(undefined) : arrive(at, stood.value, done.value);
}

/** Nothing is on its way: what the engine says of the commit that it has. */
async function lookAfter(at: Gate, branch: string, sha: string): Promise<Result<void>> {
  if (isOwn(at)) return ok(undefined);
  const seen = await lookAt(at, branch, sha);
  if (!seen.ok) return seen;
  return seen.value === null ? ok(undefined) : tellStray(at, seen.value, sha);
}

async function arrive(at: Gate, inventory: Inventory, wanted: Pending): Promise<Result<void>> {
  const { world, input, app } = at;
  const ended = isOwn(at) && inventory.entries.size > 0 ? await endDrift(world, input) : ok(undefined);
  if (!ended.ok) return ended;
  world.log.info({ app: app.name, sha: wanted.sha }, "let through");
  const done = await save(world, { ...inventory, applied: wanted.sha, pending: null }, input.digestKey);
  return done.ok ? ok(undefined) : done;
}
