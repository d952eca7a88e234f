/** What becomes of an app that the default branch does not have any more, or has in another mode. */

import { type Result, ok } from "../../model/failure.ts";
import type { Entry, Inventory } from "../../rollout/inventory.ts";
import { count } from "../../text/count.ts";
import { announce } from "./deploy-announce.ts";
import { save } from "./deploy-apply.ts";
import { newPending } from "./deploy-course.ts";
import type { DeployInput } from "./deploy-input.ts";
import { endDrift } from "../drift/drift-issue.ts";
import type { DeployWorld } from "./deploy-world.ts";
import type { Standing } from "../landing/standing.ts";

/** The folder is no app in mode apply (any more). What was applied stays, and the pull request that ended it says so. */
export async function leave(
  world: DeployWorld,
  { hash, key, forge, digestKey }: DeployInput,
  standing: Standing,
): Promise<Result<void>> {
  world.log.info({ path: key.path, sha: standing.sha }, "left alone: no app in mode apply at this path");
  const known = world.inventories.get(hash);
  const handed = known === undefined ? ok(known) : await withoutHandedOver(world, known, digestKey);
  if (!handed.ok) return handed;
  const inventory = handed.value;
  if (inventory === undefined || inventory.entries.size === 0) return ok(undefined);
  const ended = await endDrift(world, { hash, forge });
  if (!ended.ok) return ended;
  const note = `${key.path} is no app that Lockkeeper applies any more; its ${count(inventory.entries.size, "object")} stay in the cluster until another app of the repository names them`;
  const { name } = inventory;
  const pending = newPending(world, { standing, inventory, plan: { objects: [], refusals: [] } });
  return announce(forge, world.memory, {
    app: hash,
    name,
    environment: name,
    outcome: "left",
    pending,
    notes: [note],
  });
}

/** The record of an app that is none any more, without what another app of its repository has taken over since. */
async function withoutHandedOver(
  world: DeployWorld,
  inventory: Inventory,
  key: Uint8Array,
): Promise<Result<Inventory>> {
  const { app, repository } = inventory;
  const others = world.inventories
    .all()
    .filter((each) => each.app !== app && each.repository.id === repository.id);
  const isTaken = ([text, { uid }]: readonly [string, Entry]): boolean =>
    uid !== null && others.some(({ entries }) => entries.get(text)?.uid === uid);
  const entries = new Map([...inventory.entries].filter((entry) => !isTaken(entry)));
  if (entries.size === inventory.entries.size) return ok(inventory);
  return save(world, { ...inventory, entries }, key);
}
