/** The dashboard flow: does what the ticked boxes of a repository's dashboard say, as if each were a command. */

import { type Given, answer } from "../../commands/answer.ts";
import { type BoxOrder, tickedBoxes } from "../../commands/box.ts";
import { boxCommands } from "../../commands/commands.ts";
import type { Place } from "../../commands/command.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Key } from "../../model/key.ts";
import type { Person } from "../../model/pull.ts";
import type { IssueComment } from "../../ports/forge.ts";
import { fitBlocks } from "../../text/markdown.ts";
import { makeMarker, readMarker } from "../../text/marker.ts";
import { perform } from "../command/command-effect.ts";
import { placeOf } from "../command/command-place.ts";
import { lookAtDashboard, untickDashboard } from "./dashboard-issue.ts";
import type { DashboardHost } from "./dashboard-memory.ts";
import type { World } from "../world.ts";

export type DashboardKey = Extract<Key, { flow: "dashboard" }>;

/**
 * GitHub does not say who ticked a box, only who has edited the text: whoever has done so since we wrote it has to have the
 * right to what is ordered, or nothing of it is done. Boxes are cleared last, so that whatever was interrupted is done again.
 */
export async function dashboard(world: World, { repository }: DashboardKey): Promise<Result<void>> {
  const host = { world, repository, forge: world.forge.open(repository, "command") };
  const issue = await lookAtDashboard(host);
  if (!issue.ok || issue.value === null) return issue.ok ? ok(undefined) : issue;
  const { number, body } = issue.value;
  const orders = tickedBoxes(body);
  if (orders.length === 0) return ok(undefined);
  const editors = await host.forge.issues.editorsSinceOurs(number);
  if (!editors.ok) return editors;
  for (const order of orders) {
    const done = await carryOut(host, order, { number, editors: editors.value });
    if (!done.ok) return done;
  }
  const cleared = await untickDashboard(host, orders);
  if (cleared.ok) world.queue.add({ flow: "scan", repository });
  return cleared;
}

/** The dashboard, and who may have ticked a box of it. */
interface Ticked {
  readonly number: number;
  readonly editors: readonly Person[];
}

async function carryOut(host: DashboardHost, order: BoxOrder, ticked: Ticked): Promise<Result<void>> {
  const { world, repository } = host;
  const command = boxCommands.find(({ name }) => name === order.command);
  const place = await orderedPlace(host, order);
  if (!place.ok) return place;
  if (command === undefined || place.value === null) return ok(undefined);
  const asked: Given = { type: "command", command, words: "" };
  const refusal = await refusalOf(host, { asked, place: place.value }, ticked.editors);
  if (!refusal.ok) return refusal;
  const reply = (blocks: readonly string[]) => sayOnce(host, ticked.number, { order, blocks });
  if (refusal.value !== null) return reply([refusal.value]);
  const person = ticked.editors[0] ?? { id: 0, login: "ghost", bot: false };
  const given = {
    world,
    repository,
    number: order.pull ?? ticked.number,
    by: person.login,
    person,
    at: world.clock.now().toISOString(),
    accept: () => Promise.resolve(ok(undefined)),
    reply,
  };
  for (const effect of command.run(place.value, "")) {
    const outcome = await perform(given, effect);
    if (!outcome.ok) return outcome;
  }
  return ok(undefined);
}

/** Null where what it is about is gone. */
async function orderedPlace(
  { world, repository }: DashboardHost,
  { pull, branch }: BoxOrder,
): Promise<Result<Place | null>> {
  if (branch !== undefined) return ok({ type: "waiting", branch });
  if (pull === undefined) return ok({ type: "issue" });
  const self = await world.forge.self();
  if (!self.ok) return self;
  const place = await placeOf(world, repository, pull, self.value);
  return !place.ok && place.failure.code === "not-found" ? ok(null) : place;
}

/** A sentence where one of them may not, or where nobody is known who could have ticked. */
async function refusalOf(
  { forge }: DashboardHost,
  { asked, place }: { readonly asked: Given; readonly place: Place },
  editors: readonly Person[],
): Promise<Result<string | null>> {
  if (editors.length === 0) return ok("GitHub does not say who ticked the box, so that nothing is done.");
  for (const { login, bot } of editors) {
    const permission = bot ? ok("none" as const) : await forge.people.permission(login);
    if (!permission.ok) return permission;
    const decided = answer(asked, place, { login, permission: permission.value });
    if (decided.type === "refuse") return ok(decided.markdown);
  }
  return ok(null);
}

/** On the dashboard itself, unless that is the last thing that we have said there. */
async function sayOnce(
  { forge }: DashboardHost,
  number: number,
  { order, blocks }: { readonly order: BoxOrder; readonly blocks: readonly string[] },
): Promise<Result<void>> {
  const thread = await forge.issues.comments(number);
  if (!thread.ok) return thread;
  const about = order.pull === undefined ? "" : `#${order.pull}: `;
  const body = fitBlocks([`${about}${blocks[0] ?? ""}`, ...blocks.slice(1)], makeMarker(kind, order));
  const last: IssueComment | undefined = thread.value.findLast(({ ours }) => ours);
  if (last?.body === body && readMarker(last.body, kind) !== undefined) return ok(undefined);
  const said = await forge.issues.comment(number, body);
  return said.ok ? ok(undefined) : said;
}

const kind = "ticked";
