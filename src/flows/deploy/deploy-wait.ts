/** What an app waits for before a commit of it begins: the apps that it depends on, healthy at their newest signed commit. */

import { dependencyProblem } from "../../config/dependencies.ts";
import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import { appHash } from "../../rollout/app-hash.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import type { DeployInput } from "./deploy-input.ts";
import { standingOf } from "./deploy-standing.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { deployKey } from "./live.ts";

/** One sentence for each app that is not there yet; `apps` are all of the commit. */
export async function openDependencies(
  world: DeployWorld,
  input: DeployInput,
  app: App,
  apps: readonly App[],
): Promise<Result<readonly string[]>> {
  const open: string[] = [];
  for (const name of app.dependsOn ?? []) {
    const problem = dependencyProblem(apps, app, name);
    const awaited = apps.find((each) => each.name === name);
    const why =
      problem !== null || awaited === undefined ? ok(problem) : await whyOpen(world, input, awaited);
    if (!why.ok) return why;
    if (why.value !== null) open.push(why.value);
  }
  return ok(open);
}

async function whyOpen(
  world: DeployWorld,
  input: DeployInput,
  { name, path }: App,
): Promise<Result<string | null>> {
  const hash = appHash(input.key.repository.id, path);
  const inventory = world.inventories.get(hash);
  if (inventory === undefined || inventory.applied === null) return ok(`${name} was not applied yet`);
  if (inventory.pending !== null) return ok(`${name} is on its way to ${inventory.pending.sha.slice(0, 7)}`);
  const standing = await standingOf(
    world,
    { ...input, hash, key: { ...input.key, path } },
    inventory.applied,
  );
  if (!standing.ok) return standing;
  if (standing.value.landings.length > 0 || standing.value.waiting !== null)
    return ok(`${name} has a newer commit to come to`);
  const sick = firstNotReady(world, inventory);
  return ok(sick === null ? null : `${name} is not healthy: ${sick}`);
}

function firstNotReady(world: DeployWorld, inventory: Inventory): string | null {
  for (const [text, entry] of inventory.entries) {
    const health = world.live.summary(inventory.app, entry)?.health;
    if (health !== undefined && health.state !== "ready") return `${text}: ${health.reason}`;
  }
  return null;
}

/** Puts the apps that may have waited for this one on the queue. */
export function wakeDependents(
  world: DeployWorld,
  { key }: DeployInput,
  app: App,
  apps: readonly App[],
): void {
  for (const { path, dependsOn } of apps) {
    if (dependsOn?.includes(app.name) === true)
      world.queue.add(deployKey({ repository: key.repository, path }));
  }
}
