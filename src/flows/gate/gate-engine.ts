/** Asks Flux or Argo CD to take a commit at once, and tells on GitHub what became of it there. Applies nothing itself. */

import { type Result, ok } from "../../model/failure.ts";
import { type KubernetesObject, resourceId, resourceText } from "../../model/resource.ts";
import type { Outcome } from "../../rollout/deploy-report.ts";
import type { Followed, Follower } from "../../rollout/engine.ts";
import { strayText } from "../../rollout/gate-report.ts";
import type { Inventory, Pending } from "../../rollout/inventory.ts";
import { outsideTarget } from "../../rollout/within-target.ts";
import { closeIssue, keepIssue } from "../deploy/app-issue.ts";
import { tell } from "../deploy/deploy-course.ts";
import { isPassing } from "../deploy/deploy-failure.ts";
import { identityOf } from "../deploy/deploy-input.ts";
import { sortOf } from "../drift/drift-issue.ts";
import { type OtherEngine, readers } from "./engine-index.ts";
import type { Gate } from "./gate-input.ts";

/** A manager of its own: what `lockkeeper` may own of the same object is not touched by an annotation. */
const gateManager = "lockkeeper-gate";
/** The watches bring every change; this is only for what they miss. */
const lookAgainSeconds = 5;

export interface Seen {
  readonly followers: readonly Follower[];
  readonly sources: readonly KubernetesObject[];
  /** Why somebody whom one expects is not among them, one sentence each. */
  readonly notes: readonly string[];
}

/** What follows the branch, as far as the target lets the repository touch it; null where that is not known yet. */
export async function lookAt(at: Gate, branch: string, sha: string): Promise<Result<Seen | null>> {
  const { world, input, app } = at;
  const engine = app.engine as OtherEngine;
  const reader = readers[engine];
  const all = await world.engines.objects(engine, input.hash, input.key);
  if (!all.ok) return all;
  if (all.value === "unread") return ok(null);
  if (all.value === "absent") return ok(seenNothing(`${reader.name} is not in this cluster`));
  const { owner, webUrl } = input.head;
  const repository = { owner, name: input.key.repository.name, webUrl };
  const followed: Followed = { repository, branch, path: app.path, sha };
  const { followers, sources } = reader.read(all.value, followed);
  const outside = (object: KubernetesObject): string | null => outsideTarget(object, true, input.target);
  const refused = [...sources, ...followers.map(({ object }) => object)].flatMap(
    (object) => outside(object) ?? [],
  );
  const mine = followers.filter(({ object }) => outside(object) === null);
  const kind = reader.kinds.at(-1)?.kind ?? "";
  const none =
    mine.length === 0 ? [`no ${kind} that the target allows reads ${app.path} from ${branch}`] : [];
  return ok({
    followers: mine,
    sources: sources.filter((object) => outside(object) === null),
    notes: [...none, ...refused],
  });
}

const seenNothing = (note: string): Seen => ({ followers: [], sources: [], notes: [note] });

/** Asks once for each commit; asked again after a restart, nothing else comes of it. */
export async function askNow(
  at: Gate,
  { followers, sources }: Seen,
  pending: Pending,
): Promise<Result<void>> {
  const { world, input, app } = at;
  const asking = [...sources, ...followers.map(({ object }) => object)];
  for (const object of asking) {
    const about = `${input.hash} ${resourceText(resourceId(object))}`;
    if (world.memory.asked.get(about) === pending.sha) continue;
    const annotations = readers[app.engine as OtherEngine].ask(pending.since);
    const { name, namespace, uid } = object.metadata;
    const { apiVersion, kind } = object;
    // By its uid, so that an object that is gone meanwhile is not made anew.
    const asked = await world.cluster.apply(
      { apiVersion, kind, metadata: { name, namespace, uid, annotations } },
      { manager: gateManager, force: true, dryRun: false, as: identityOf(input.target) },
    );
    if (!asked.ok && isPassing(asked.failure)) return asked;
    if (!asked.ok) world.log.warn({ app: app.name, code: asked.failure.code }, asked.failure.message);
    world.memory.asked.set(about, pending.sha);
  }
  return ok(undefined);
}

/** Tells how far the commit has come; answers whether it has arrived. */
export async function tellSeen(
  at: Gate,
  seen: Seen | null,
  inventory: Inventory & { readonly pending: Pending },
): Promise<Result<Pending | null>> {
  const { world, input, app, standing } = at;
  const { pending } = inventory;
  const passed = (world.clock.now().getTime() - Date.parse(pending.appliedAt ?? pending.since)) / 1000;
  const secondsLeft = app.waitSeconds - passed;
  const outcome = outcomeOf(seen, secondsLeft);
  const healthyAt = outcome === "healthy" ? world.clock.now().toISOString() : null;
  const done = { ...pending, healthyAt };
  const rollout = { app, plan: { objects: [], refusals: [] }, standing, inventory };
  const told = await tell({ world, input, rollout }, { outcome, pending: done, notes: notesOf(seen) });
  if (!told.ok) return told;
  if (outcome === "waiting") {
    world.queue.add(input.key, Math.max(1, Math.min(lookAgainSeconds, secondsLeft)));
  }
  return ok(outcome === "healthy" ? done : null);
}

function outcomeOf(
  seen: Seen | null,
  secondsLeft: number,
): Extract<Outcome, "waiting" | "healthy" | "unhealthy" | "failed"> {
  const followers = seen?.followers ?? [];
  const applied = followers.length > 0 && followers.every((each) => each.applied);
  if (applied && followers.every(({ health }) => health.state === "ready")) return "healthy";
  const broken = followers.some(({ health }) => health.state === "failed");
  if (!broken && secondsLeft > 0) return "waiting";
  return applied ? "unhealthy" : "failed";
}

function notesOf(seen: Seen | null): readonly string[] {
  if (seen === null) return ["what follows the branch has not been read yet"];
  const said = seen.followers.map(
    ({ object, health }) =>
      `${resourceText(resourceId(object))}: ${health.state === "ready" ? "has taken it and is well" : health.reason}`,
  );
  return [...said, ...seen.notes];
}

/** Once a commit has arrived: what its engine says is astray is kept in the app's one drift issue. */
export async function tellStray({ world, input, app }: Gate, seen: Seen, sha: string): Promise<Result<void>> {
  const stray = seen.followers.filter(({ astray }) => astray);
  const engine = readers[app.engine as OtherEngine].name;
  const { issues } = world.memory;
  if (stray.length === 0)
    return closeIssue(input.forge, issues, sortOf(input.hash), `${engine} says that all is well again.`);
  const text = strayText({ app: input.hash, name: app.name, path: app.path, sha, engine }, stray);
  const kept = await keepIssue(input.forge, issues, sortOf(input.hash), text);
  return kept.ok ? ok(undefined) : kept;
}
