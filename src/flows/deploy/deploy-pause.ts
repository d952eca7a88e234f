/** Holds an app that people have paused: what the dashboard says is kept in the cluster too, so that it holds without GitHub. */

import { type Result, ok } from "../../model/failure.ts";
import type { DeployResult } from "../../rollout/deploy-report.ts";
import { type Pause, laterPause, pauseText, secondsOf } from "../../rollout/pause.ts";
import { knownPauses } from "../dashboard/dashboard-issue.ts";
import { announce } from "./deploy-announce.ts";
import { appsIn } from "./deploy-app.ts";
import { save } from "./deploy-apply.ts";
import type { DeployInput } from "./deploy-input.ts";
import { newPending } from "./deploy-course.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { emptyInventory } from "./empty-inventory.ts";
import type { Standing } from "../landing/standing.ts";

/** The pause that holds an app now, or null; the app is looked at again when it ends. */
export async function pauseOf(world: DeployWorld, input: DeployInput): Promise<Result<Pause | null>> {
  const { key, forge, hash, digestKey } = input;
  const { path, repository } = key;
  const known = await knownPauses({ world: world.shared, repository, forge });
  if (!known.ok) world.log.warn({ repository: repository.id, code: known.failure.code }, "no word of pauses");
  const said = known.ok ? known.value.find((pause) => pause.path === path) : undefined;
  const inventory = world.inventories.get(hash);
  const pause = laterPause(inventory?.pause, said);
  const left = secondsOf(pause, world.clock.now());
  const news = pause !== undefined && !isSame(pause, inventory?.pause);
  if (news && (inventory !== undefined || left > 0)) {
    const { at, until, by, why } = pause;
    const kept = { ...(inventory ?? emptyInventory(input, path)), pause: { at, until, by, why } };
    const saved = await save(world, kept, digestKey);
    if (!saved.ok) return saved;
  }
  if (pause === undefined || left === 0) return ok(null);
  world.queue.add(key, left);
  return ok(pause);
}

function isSame(one: Pause, other: Pause | undefined): boolean {
  return one.at === other?.at && one.until === other.until;
}

/** Says of a commit that waits until when and why, in its deployment and on its pull requests. */
export async function tellPaused(
  world: DeployWorld,
  { hash, key, forge }: DeployInput,
  standing: Standing,
  pause: Pause,
): Promise<Result<void>> {
  const snapshot = await forge.code.snapshot(standing.sha);
  if (!snapshot.ok) return snapshot;
  const app = (await appsIn(world.threads, snapshot.value)).find(({ path }) => path === key.path);
  const inventory = world.inventories.get(hash);
  if (app?.mode !== "apply" || inventory === undefined) return ok(undefined);
  const pending = newPending(world, { standing, inventory, plan: { objects: [], refusals: [] } });
  const { name, environment } = app;
  const result: DeployResult = {
    app: hash,
    name,
    environment,
    outcome: "paused",
    pending: { ...pending, since: pause.at },
    notes: [pauseText(pause)],
  };
  return announce(forge, world.memory, result);
}
