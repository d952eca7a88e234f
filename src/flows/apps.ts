/** Puts every app of a repository on the queue that Lockkeeper applies itself. */

import { type Result, ok } from "../model/failure.ts";
import type { Key } from "../model/key.ts";
import { appsIn } from "./deploy-app.ts";
import type { World } from "./world.ts";

/** Nothing where there is no cluster: the apps are read from the tip of the default branch, each judged for itself later. */
export async function findApps(world: World, key: Extract<Key, { flow: "apps" }>): Promise<Result<void>> {
  if (world.cluster === null || world.targets.length === 0) return ok(undefined);
  const { code } = world.forge.open(key.repository, "deploy");
  const head = await code.head();
  if (!head.ok) return head;
  const snapshot = await code.snapshot(head.value.sha);
  if (!snapshot.ok) return snapshot;
  for (const app of appsIn(snapshot.value)) {
    if (app.mode === "apply") world.queue.add({ flow: "deploy", repository: key.repository, path: app.path });
  }
  return ok(undefined);
}
