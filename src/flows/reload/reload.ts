/** The reload flow: the workloads of one namespace run with the configuration that they use. */

import { type Failure, type Result, ok } from "../../model/failure.ts";
import type { Key } from "../../model/key.ts";
import { keyedHash } from "../../rollout/canonical-json.ts";
import { annotationProblems, pausePeriodMs } from "../../rollout/reload-annotations.ts";
import { type Contents, keyIdOf } from "../../rollout/reload-contents.ts";
import {
  type Situation,
  decide,
  differenceText,
  rollsToKeep,
  waitingFor,
} from "../../rollout/reload-decision.ts";
import {
  type Change,
  type Observed,
  changesBetween,
  heldNow,
  readObserved,
} from "../../rollout/reload-observed.ts";
import { type Reference, configText } from "../../rollout/reload-references.ts";
import { isPassing } from "../deploy/deploy-failure.ts";
import { holdOn, release } from "./reload-act.ts";
import { type Room, type Tracked, isBefore } from "./reload-index.ts";
import { followed, readContents, withMounted } from "./reload-read.ts";
import type { ReloadWorld } from "./reload-world.ts";

/** How long a commit of the workload's app is waited for, of which nothing more comes. */
const longestBusyMs = 10 * 60_000;

/** What is looked at together. */
interface Look {
  readonly key: Uint8Array;
  readonly room: Room;
  readonly failures: ReadonlyMap<string, Failure>;
}

interface Followed {
  readonly tracked: Tracked;
  readonly before: Observed | null;
  readonly references: readonly Reference[];
}

/**
 * Compares every workload that asks for it with its record and rolls those that run with something else; one that fails
 * keeps no other from it. The namespace of no name stands for all: its job begins what is not watched yet.
 */
export async function reload(
  world: ReloadWorld,
  { namespace }: Extract<Key, { flow: "reload" }>,
): Promise<Result<void>> {
  if (namespace === "") return world.watches.start();
  const ready = await world.ready();
  if (!ready.ok) return ready;
  if (!world.watches.synced(namespace) || world.watches.reloader() === "unknown") return ok(undefined);
  const key = ready.value;
  const room = world.watches.index.room(namespace);
  const all = [...room.workloads.values()].map((tracked): Followed => {
    const before = readObserved(tracked.workload.observed);
    const comparable = before?.key === keyIdOf(key) ? before : null;
    return { tracked, before, references: followed(tracked.workload, room, comparable) };
  });
  const used = all.flatMap(({ tracked, references }) => (tracked.workload.asks ? references : []));
  const read = await readContents(world, key, namespace, used);
  let failed: Result<void> = ok(undefined);
  for (const each of all) {
    const contents = withMounted(read, key, room, each.tracked.workload);
    const done = await settle(world, { key, room, failures: read.failures }, each, contents);
    if (done.ok) continue;
    world.counts.failed += 1;
    if (isPassing(done.failure) || done.failure.code === "conflict") failed = done;
    else tellOnce(world, each.tracked, done.failure.message);
  }
  return failed;
}

async function settle(
  world: ReloadWorld,
  look: Look,
  { tracked, before, references }: Followed,
  contents: ReadonlyMap<string, Contents>,
): Promise<Result<void>> {
  const { workload, text } = tracked;
  if (!workload.asks) return release(world, tracked);
  tellProblems(world, tracked);
  const failure = references.map((each) => look.failures.get(configText(each))).find((each) => each);
  if (failure !== undefined) return { ok: false, failure };
  const now = world.clock.now().getTime();
  const keyId = keyIdOf(look.key);
  const known = before?.key === keyId ? before.objects : {};
  const after: Observed = {
    key: keyId,
    template: keyedHash(look.key, workload.template).slice(0, 16),
    objects: heldNow(references, contents, known),
    rolled: rollsToKeep(before, now),
  };
  const changes = changesBetween(known, after.objects, contents);
  const what = `${after.template}\n${differenceText(after.objects)}`;
  const waiting = waitingFor(world.reloads.waiting.get(text), what, now);
  const situation: Situation = {
    now,
    before,
    after,
    changes,
    waiting,
    pauseMs: pausePeriodMs(workload.kind.kind, workload.annotations),
    busy: isBusy(world, tracked, now),
    rolledSince: rolledSince(world, look.room, { tracked, before, after, changes }),
    onlyLook: world.watches.reloader() === "running",
    fixed: workload.kind.fixed === true,
  };
  const decision = decide(situation);
  if (decision.do === "nothing") world.reloads.waiting.delete(text);
  else world.reloads.waiting.set(text, waiting);
  if (decision.do === "nothing") return ok(undefined);
  if (decision.do === "wait" || decision.do === "flapping") {
    world.queue.add({ flow: "reload", namespace: workload.address.namespace }, Math.max(1, decision.seconds));
    if (decision.do === "wait") return ok(undefined);
  }
  return holdOn(world, tracked, { outcome: decision.do, record: after, changes, key: look.key });
}

function tellProblems(world: ReloadWorld, tracked: Tracked): void {
  const { workload } = tracked;
  for (const problem of annotationProblems(workload.annotations, workload.templateAnnotations)) {
    tellOnce(world, tracked, `an annotation is not understood: ${problem}`);
  }
}

function tellOnce({ reloads, log }: ReloadWorld, { text }: Tracked, message: string): void {
  if (reloads.said.has(`${text} ${message}`)) return;
  reloads.said.add(`${text} ${message}`);
  log.warn({ workload: text }, message);
}

/** A commit of its app is being applied, or the workload is on its way to it: one rollout at a time. */
function isBusy({ inventories }: ReloadWorld, { workload }: Tracked, now: number): boolean {
  const pending = workload.app === null ? null : (inventories.get(workload.app)?.pending ?? null);
  if (pending === null) return false;
  if (now - Date.parse(pending.appliedAt ?? pending.since) > longestBusyMs) return false;
  return pending.appliedAt === null || workload.progressing;
}

interface Rolled {
  readonly tracked: Tracked;
  readonly before: Observed | null;
  readonly after: Observed;
  readonly changes: readonly Change[];
}

/**
 * Whether pods were made anew after every one of the changes: the version in which the template changed is newer. Where
 * nobody saw that, the version that the app's inventory recorded tells it, of a template that did change.
 */
function rolledSince(
  { inventories }: ReloadWorld,
  room: Room,
  { tracked: { text, workload, rolledAt }, before, after, changes }: Rolled,
): boolean {
  const applied = inventories.get(workload.app ?? "")?.entries.get(text)?.resourceVersion ?? undefined;
  const version = rolledAt ?? (before?.template === after.template ? undefined : applied);
  return changes.every(({ object }) => {
    const changed = room.objects.get(object);
    return changed?.kind !== "SecretProviderClass" && isBefore(changed?.resourceVersion, version);
  });
}
