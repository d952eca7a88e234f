/** Puts every app of a repository on the queue that Lockkeeper applies or lets through to another engine, or has. */

import { type Result, ok } from "../../model/failure.ts";
import type { Key } from "../../model/key.ts";
import { type RepositoryRef, fullName } from "../../model/repository.ts";
import { appsIn } from "./deploy-app.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { deployKey } from "./live.ts";

/**
 * The apps at the tip of the default branch, and those of the inventories that are not there any more; each is judged for
 * itself later. Costs nothing for a repository that no target names.
 */
export async function findApps(
  world: DeployWorld,
  { repository }: Pick<Extract<Key, { flow: "apps" }>, "repository">,
): Promise<Result<void>> {
  const ready = await world.ready();
  if (!ready.ok) return ready;
  if (!isTarget(world, repository)) return ok(undefined);
  const { code } = world.forge.open(repository, "deploy");
  const head = await code.head();
  if (!head.ok) return head;
  const snapshot = await code.snapshot(head.value.sha);
  if (!snapshot.ok) return snapshot;
  const apps = (await appsIn(world.threads, snapshot.value)).filter(
    ({ mode }) => mode === "apply" || mode === "gate",
  );
  const known = world.inventories.all().filter((inventory) => inventory.repository.id === repository.id);
  const paths = new Set([...apps, ...known].map(({ path }) => path));
  for (const path of paths) world.queue.add(deployKey({ repository, path }));
  return ok(undefined);
}

/** A pull request was merged, or people have accepted a landing: what could not be proven is looked at again. */
export async function lookAgain(
  world: DeployWorld,
  key: Extract<Key, { flow: "landings" }>,
): Promise<Result<void>> {
  const { standings } = world.memory;
  for (const [app, { standing }] of standings) {
    if (standing.stopped !== null || standing.waiting !== null) standings.delete(app);
  }
  return findApps(world, key);
}

/** Whether the cluster side lets a repository do anything. */
export function isTarget({ targets, pins }: DeployWorld, repository: RepositoryRef): boolean {
  const name = fullName(repository).toLowerCase();
  return targets.some((target) => {
    const pin = pins.get(target);
    return pin === undefined ? target.repository.toLowerCase() === name : pin.id === repository.id;
  });
}
