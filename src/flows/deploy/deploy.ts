/** The deploy flow: one app at its newest signed-off commit, and the live objects equal to it. */

import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import { appHash } from "../../rollout/app-hash.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import type { Pause } from "../../rollout/pause.ts";
import { appsIn } from "./deploy-app.ts";
import { type DeployInput, type DeployKey, identityOf } from "./deploy-input.ts";
import { save } from "./deploy-apply.ts";
import { type Course, newPending, tell } from "./deploy-course.ts";
import { leave } from "./deploy-leave.ts";
import { pauseOf, tellPaused } from "./deploy-pause.ts";
import { planDeploy } from "./deploy-plan.ts";
import { rollOut } from "./deploy-rollout.ts";
import { standingOf, tellStopped } from "./deploy-standing.ts";
import { openDependencies, wakeDependents } from "./deploy-wait.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { suspects } from "../drift/drift-find.ts";
import { emptyInventory } from "./empty-inventory.ts";
import { noDrift, settleDrift } from "../drift/drift-settle.ts";
import { gate } from "../gate/gate.ts";
import { type Standing, bringsTheSame, longProof } from "../landing/standing.ts";
import { baselineOf, provenBefore } from "./recovery.ts";
import { targetFor } from "./repository-pins.ts";

/**
 * Brings one app to where it should be and reports what is not so. Everything that only a person can change is said on the
 * repository and is no failure. Ends without waiting: while a rollout goes on, the key is on the queue again.
 */
export async function deploy(world: DeployWorld, key: DeployKey): Promise<Result<void>> {
  const ready = await world.ready();
  if (!ready.ok) return ready;
  const target = targetFor(world.targets, world.pins, key.repository, key.path);
  if (target === undefined) return ok(undefined);
  const forge = world.forge.open(key.repository, "deploy");
  const head = await forge.code.head();
  if (!head.ok) return head;
  if (head.value.frozen) return ok(undefined);
  const place = { key, forge, head: head.value, hash: appHash(key.repository.id, key.path) };
  const pin = await world.pins.grant(target, key.repository, () => baselineOf(world, place));
  if (!pin.ok) {
    world.doubt();
    return pin;
  }
  const { hash } = place;
  const applied = world.inventories.get(hash)?.applied ?? null;
  const proven = applied === null ? await provenBefore(world, place) : ok(applied);
  if (!proven.ok) return proven;
  const from = proven.value ?? pin.value.baseline;
  if (from === null) {
    world.log.info(
      { path: key.path, target: target.repository },
      "nothing applied: the target grants no baseline",
    );
    return ok(undefined);
  }
  return reconcile(world, { hash, key, digestKey: ready.value, forge, head: head.value, target }, from);
}

async function reconcile(world: DeployWorld, input: DeployInput, from: string): Promise<Result<void>> {
  const found = await standingOf(world, input, from);
  if (!found.ok) return found;
  const pause = await pauseOf(world, input);
  if (!pause.ok) return pause;
  const inventory = world.inventories.get(input.hash);
  const standing = goingOn(found.value, inventory);
  const arrived = inventory !== undefined && inventory.applied !== null && inventory.pending === null;
  const due = !arrived || standing.landings.length > 0;
  if (pause.value !== null) {
    const held = await holdStill(world, input, { standing, due, pause: pause.value });
    if (!held.ok) return held;
  } else if (due || looksEachTime(inventory) || suspects(world, inventory).length > 0) {
    const done = await bringAbout(world, input, {
      standing,
      due: due || inventory.gated === true,
    });
    if (!done.ok) return done;
  } else {
    const quiet = await stayPut(world, input, inventory, standing);
    if (!quiet.ok) return quiet;
  }
  return tellStopped(world, input, standing);
}

/** A commit on its way stays the one that is told of while only other apps change. */
function goingOn(standing: Standing, inventory: Inventory | undefined): Standing {
  const pending = inventory?.pending ?? null;
  return pending !== null && bringsTheSame(pending, standing) ? { ...standing, sha: pending.sha } : standing;
}

/** A branch may have been moved, and what is beside the app is told by no watch. */
function looksEachTime({ gated, extras }: Inventory): boolean {
  return gated === true || extras === true;
}

/** Says what waits for the end of a pause, and of what is applied still where it differs. */
async function holdStill(
  world: DeployWorld,
  input: DeployInput,
  { standing, due, pause }: { readonly standing: Standing; readonly due: boolean; readonly pause: Pause },
): Promise<Result<void>> {
  const told = due ? await tellPaused(world, input, standing, pause) : ok(undefined);
  if (!told.ok) return told;
  const inventory = world.inventories.get(input.hash);
  // Nobody else may put its branch elsewhere meanwhile.
  if (inventory?.gated === true)
    return bringAbout(world, input, { standing: stillOf(standing, inventory), due: false, pause });
  if (inventory === undefined || inventory.applied === null || inventory.pending !== null)
    return ok(undefined);
  if (suspects(world, inventory).length === 0 && inventory.extras !== true)
    return noDrift(world, input.forge, inventory);
  return bringAbout(world, input, { standing: { ...standing, sha: inventory.applied }, due: false, pause });
}

/** As if nothing had landed since what is on its way, or has arrived. */
function stillOf(standing: Standing, { pending, applied }: Inventory): Standing {
  const sha = pending?.sha ?? applied ?? standing.sha;
  return { ...standing, sha, landings: pending?.landings ?? [], commits: 0 };
}

/** Nothing of the app's changed. Once in a while the proof begins at a later commit, so that it stays short. */
async function stayPut(
  world: DeployWorld,
  { forge, digestKey }: DeployInput,
  inventory: Inventory,
  standing: Standing,
): Promise<Result<void>> {
  const quiet = await noDrift(world, forge, inventory);
  if (!quiet.ok || standing.commits < longProof) return quiet;
  const saved = await save(world, { ...inventory, applied: standing.sha }, digestKey);
  return saved.ok ? ok(undefined) : saved;
}

/** Renders the commit, rolls it out where it is due, and looks for drift once nothing is on its way. */
async function bringAbout(
  world: DeployWorld,
  input: DeployInput,
  {
    standing,
    due,
    pause = null,
  }: {
    readonly standing: Standing;
    readonly due: boolean;
    readonly pause?: Pause | null;
  },
): Promise<Result<void>> {
  const { hash, key, digestKey, forge, target } = input;
  const snapshot = await forge.code.snapshot(standing.sha);
  if (!snapshot.ok) return snapshot;
  const apps = await appsIn(world.threads, snapshot.value);
  const app = apps.find(({ path }) => path === key.path);
  if (app?.mode === "gate") return gate({ world, input, app, standing }, apps);
  if (app === undefined || app.mode !== "apply") {
    return leave(world, input, standing);
  }
  const plan = await planDeploy(world, {
    app,
    hash,
    repository: key.repository,
    snapshot: snapshot.value,
    target,
    key: digestKey,
  });
  if (!plan.ok) return plan;
  const { gated: _, ...before } = world.inventories.get(hash) ?? emptyInventory(input, app.name);
  await world.live.follow(before, digestKey);
  const rollout = { app, plan: plan.value, standing, inventory: before };
  const rolled = due ? await rollOutInTurn({ world, input, rollout }, apps) : ok(before);
  if (!rolled.ok) return rolled;
  const inventory = rolled.value;
  if (inventory === null || plan.value.refusals.length > 0) return ok(undefined);
  const drift = {
    app,
    plan: plan.value,
    snapshot: snapshot.value,
    forge,
    webUrl: input.head.webUrl,
    as: identityOf(target),
    key: digestKey,
    pause,
  };
  return settleDrift(world, inventory, drift);
}

/** The apps that wait for others look again by themselves too: what they wait for may end otherwise than by a rollout. */
const waitAgainSeconds = 30;

/** A commit that has not begun waits for the apps that it depends on; those that wait for this one are told when it is there. */
async function rollOutInTurn(course: Course, apps: readonly App[]): Promise<Result<Inventory | null>> {
  const { world, input, rollout } = course;
  const { app, plan, standing, inventory } = rollout;
  const begun = inventory.pending?.sha === standing.sha;
  const open = begun || plan.refusals.length > 0 ? ok([]) : await openDependencies(world, input, app, apps);
  if (!open.ok) return open;
  if (open.value.length > 0) {
    const pending = newPending(world, rollout);
    const told = await tell(course, { outcome: "queued", pending, notes: open.value });
    world.queue.add(input.key, waitAgainSeconds);
    return told.ok ? ok(null) : told;
  }
  const rolled = await rollOut(world, input, rollout);
  if (rolled.ok && rolled.value?.pending === null) wakeDependents(world, input, app, apps);
  return rolled;
}
