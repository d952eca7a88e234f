/** Keeps the one drift issue of an app as it is true now, and tells of each change once. */

import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { type Finding, byCause } from "../../rollout/drift-findings.ts";
import {
  type DriftRecord,
  type Hiding,
  hidingMarker,
  readRecord,
  recordMarker,
} from "../../rollout/drift-record.ts";
import {
  type DriftState,
  type DriftSubject,
  driftBody,
  driftTitle,
  newsText,
} from "../../rollout/drift-report.ts";
import { causeText } from "../../rollout/drift-words.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import { closeIssue, keepIssue, openIssue } from "../deploy/app-issue.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import { flappingOf, noteComing, rewriteWaits } from "./drift-repeats.ts";
import { hidingSeal, issueOf, sortOf } from "./drift-issue.ts";
import { tellDeployment } from "./drift-status.ts";
import { deployKey } from "../deploy/live.ts";

/** Where and of what is told. */
export interface DriftDesk {
  readonly forge: RepositoryForge;
  readonly inventory: Inventory;
  readonly subject: Omit<DriftSubject, "owners">;
  /** Asked when the issue is opened. */
  readonly owners: () => Promise<readonly string[]>;
}

export interface Settled {
  /** What differs and is told of. */
  readonly findings: readonly Finding[];
  /** What differs and is hidden by `hiding`. */
  readonly hidden: readonly Finding[];
  readonly hiding: Hiding | null;
  /** What has been put back just now. */
  readonly healed: readonly Finding[];
  readonly givenUp: DriftState["givenUp"];
  /** Objects that differ as well, and were not looked at yet. */
  readonly more: number;
  /** Somebody waits for the text, however often it was written. */
  readonly urgent: boolean;
}

/** Writes nothing where nothing changed; else one text, one comment and, when it begins or ends, one status. */
export async function tellDrift(
  world: DeployWorld,
  desk: DriftDesk,
  settled: Settled,
): Promise<Result<void>> {
  const { forge, inventory } = desk;
  const { findings, hidden } = settled;
  measure(world, desk, [...findings, ...hidden]);
  const sort = sortOf(inventory.app);
  const number = await openIssue(forge, world.memory.issues, sort);
  if (!number.ok) return number;
  const before = issueOf(world, inventory.app);
  const known = before === null ? undefined : readRecord(before.text);
  const came = findings.filter(({ key }) => known?.keys.includes(key) !== true);
  noteComing(world, inventory.app, came);
  const flapping = flappingOf(world, inventory.app);
  if (flapping.calmsInMs > 0) world.queue.add(deployKey(inventory), Math.ceil(flapping.calmsInMs / 1000));
  const isOver = findings.length + hidden.length + flapping.keys.length === 0;
  if (isOver) return before === null ? ok(undefined) : end(world, desk, settled);
  if (before === null && findings.length === 0) return ok(undefined);
  return keep(world, desk, { settled, known, came, flapping });
}

async function end(
  world: DeployWorld,
  { forge, inventory }: DriftDesk,
  { healed }: Settled,
): Promise<Result<void>> {
  const back = healed.length > 0 ? newsText({ came: [], gone: 0, healed, flapping: [] }) : null;
  const why = `The drift is gone: what is live is what Git says.${back === null ? "" : `\n\n${back}`}`;
  const said = await tellDeployment(forge, inventory, null);
  if (!said.ok) world.log.warn({ app: inventory.name, code: said.failure.code }, said.failure.message);
  return closeIssue(forge, world.memory.issues, sortOf(inventory.app), why);
}

interface News {
  readonly settled: Settled;
  readonly known: DriftRecord | undefined;
  readonly came: readonly Finding[];
  readonly flapping: ReturnType<typeof flappingOf>;
}

async function keep(world: DeployWorld, desk: DriftDesk, news: News): Promise<Result<void>> {
  const { forge, inventory } = desk;
  const { settled, known, came } = news;
  const rest = new Set([...settled.findings, ...settled.hidden].map(({ key }) => key));
  const gone = known?.keys.filter((key) => !rest.has(key)) ?? [];
  const silent = came.length + gone.length === 0;
  if (silent && !settled.urgent && known !== undefined && rewriteWaits(world, inventory))
    return ok(undefined);
  const text = await textOf(world, desk, news);
  const changed = issueOf(world, inventory.app)?.text !== `${text.title}\n${text.body}`;
  if (known === undefined) await tellBegin(world, desk, settled);
  const kept = await keepIssue(forge, world.memory.issues, sortOf(inventory.app), text);
  if (!kept.ok) return kept;
  if (changed && silent) rewriteWaits(world, inventory, "count");
  const told = newsOf(news, gone);
  if (told === null) return ok(undefined);
  const commented = await forge.issues.comment(kept.value, told);
  return commented.ok ? ok(undefined) : commented;
}

async function tellBegin(
  world: DeployWorld,
  { forge, inventory }: DriftDesk,
  { findings }: Settled,
): Promise<void> {
  const [first] = byCause(findings);
  if (first === undefined) return;
  const said = await tellDeployment(forge, inventory, causeText(first));
  if (!said.ok) world.log.warn({ app: inventory.name, code: said.failure.code }, said.failure.message);
}

/** What comes and goes is told of once; a new issue says in its text what has come. */
function newsOf({ settled, known, came, flapping }: News, gone: readonly string[]): string | null {
  const repeating = new Set([...flapping.keys, ...(known?.flapping ?? [])]);
  return newsText({
    came: known === undefined ? [] : came.filter(({ key }) => !repeating.has(key)),
    gone: gone.filter((key) => !repeating.has(key)).length,
    healed: settled.healed.filter(({ key }) => gone.includes(key) && !repeating.has(key)),
    flapping: flapping.keys.flatMap((key, index) =>
      known?.flapping.includes(key) === true ? [] : [flapping.texts[index] ?? ""],
    ),
  });
}

async function textOf(
  world: DeployWorld,
  { inventory, subject, owners }: DriftDesk,
  { settled, known, flapping }: News,
): Promise<{ readonly title: string; readonly body: string }> {
  const { findings, hidden, hiding, givenUp, more } = settled;
  const mentioned = known?.owners ?? (await owners());
  const record = {
    app: inventory.app,
    path: inventory.path,
    keys: findings.map(({ key }) => key),
    flapping: flapping.keys,
    owners: mentioned,
  };
  const number = issueOf(world, inventory.app)?.number;
  const sealed =
    hiding === null || number === undefined
      ? []
      : [hidingMarker(hiding, hidingSeal(world, inventory.app, number))];
  const state = {
    findings,
    hidden: hiding === null ? null : { count: hidden.length, until: hiding.until, by: hiding.by },
    flapping: flapping.texts,
    givenUp,
    more,
  };
  const whole = { ...subject, owners: mentioned };
  const marker = [...sealed, recordMarker(record)].join("\n");
  return { title: driftTitle(whole, state), body: driftBody(whole, state, marker) };
}

/** For the metrics. */
function measure(world: DeployWorld, { inventory: { app, name } }: DriftDesk, all: readonly Finding[]): void {
  const objects = new Set(all.map(({ object }) => object)).size;
  const since = world.memory.drifted.get(app)?.since ?? world.clock.now().getTime();
  if (objects === 0) world.memory.drifted.delete(app);
  else world.memory.drifted.set(app, { name, objects, since });
}
