/** Ends drift: reports it in the app's one issue, or applies Git again, where the app or a person asks for that. */

import type { App } from "../model/app.ts";
import { type Result, ok } from "../model/failure.ts";
import type { RepositoryForge } from "../ports/forge.ts";
import type { Identity } from "../ports/cluster.ts";
import type { Inventory } from "../rollout/inventory.ts";
import { type Pause, pauseText } from "../rollout/pause.ts";
import { driftBody, driftTitle } from "../rollout/drift-report.ts";
import { closeIssue, keepIssue, openIssue } from "./app-issue.ts";
import { applyOne, recorded, save } from "./deploy-apply.ts";
import type { DeployPlan } from "./deploy-plan.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { type Found, findDrift, suspects } from "./drift-find.ts";
import { answerHealRequests, openHealRequests } from "./heal-request.ts";

/** What is healed by itself and drifts again so soon is being fought over: it is reported instead. */
const healAgainAfterMs = 5 * 60_000;

export interface DriftInput {
  readonly app: App;
  readonly plan: DeployPlan;
  readonly sha: string;
  readonly forge: RepositoryForge;
  readonly as: Identity;
  readonly key: Uint8Array;
  /** While it lasts nothing is healed, and what people ask for waits. */
  readonly pause: Pause | null;
}

const sortOf = (app: string) => ({ marker: "drift", label: "lockkeeper/drift", app });
const gone = "The drift is gone: what is live is what Git says.";

/** Without drift: closes what is open. Costs one request to GitHub per app and process, then none. */
export async function noDrift(
  world: DeployWorld,
  forge: RepositoryForge,
  app: string,
): Promise<Result<void>> {
  const sort = sortOf(app);
  const issue = await openIssue(forge, world.memory.issues, sort);
  if (!issue.ok) return issue;
  if (issue.value === null) return ok(undefined);
  const asked = await openHealRequests(forge, issue.value);
  if (!asked.ok) return asked;
  const answered = await answerHealRequests(forge, asked.value, true);
  return answered.ok ? closeIssue(forge, world.memory.issues, sort, gone) : answered;
}

/** Explains every suspect, heals what is to be healed, and reports the rest. */
export async function settleDrift(
  world: DeployWorld,
  inventory: Inventory,
  input: DriftInput,
): Promise<Result<void>> {
  const { app, forge, plan, as } = input;
  const found = await findDrift(world, inventory.app, { plan, suspects: suspects(world, inventory), as });
  if (!found.ok) return found;
  const asked = await askedToHeal(world, forge, inventory.app);
  if (!asked.ok) return asked;
  const chosen = found.value.filter(({ planned, drift }) => {
    if (input.pause !== null) return false;
    if (asked.value.length > 0) return true;
    const allowed = app.drift === "heal" || drift.class === "ownership-lost";
    return allowed && mayHealAgain(world, inventory.app, planned.text);
  });
  const healed = await heal(world, inventory, input, chosen);
  if (!healed.ok) return healed;
  const left = found.value.filter(
    ({ planned, drift }) => !healed.value.has(planned.text) && drift.class !== "ownership-lost",
  );
  if (left.length === 0) return noDrift(world, forge, inventory.app);
  const answered = await answerHealRequests(forge, input.pause === null ? asked.value : [], false);
  if (!answered.ok) return answered;
  const paused = input.pause === null ? {} : { paused: pauseText(input.pause) };
  const subject = { app: inventory.app, name: app.name, path: app.path, sha: input.sha, ...paused };
  const drifts = left.map(({ drift }) => drift);
  const text = { title: driftTitle(subject, drifts), body: driftBody(subject, drifts) };
  const kept = await keepIssue(forge, world.memory.issues, sortOf(inventory.app), text);
  return kept.ok ? ok(undefined) : kept;
}

/** Comments of people on the open drift issue that ask for it. */
async function askedToHeal(
  world: DeployWorld,
  forge: RepositoryForge,
  app: string,
): Promise<Result<readonly number[]>> {
  const issue = await openIssue(forge, world.memory.issues, sortOf(app));
  if (!issue.ok) return issue;
  return issue.value === null ? ok([]) : openHealRequests(forge, issue.value);
}

function mayHealAgain(world: DeployWorld, app: string, text: string): boolean {
  const last = world.memory.healed.get(`${app} ${text}`);
  return last === undefined || world.clock.now().getTime() - last >= healAgainAfterMs;
}

/** Applies Git again; answers the names of what is as it should be now. */
async function heal(
  world: DeployWorld,
  inventory: Inventory,
  { plan, as, key }: DriftInput,
  chosen: readonly Found[],
): Promise<Result<ReadonlySet<string>>> {
  const written = [];
  for (const { planned } of chosen) {
    written.push(await applyOne(world, { inventory, as, key }, planned));
    world.memory.healed.set(`${inventory.app} ${planned.text}`, world.clock.now().getTime());
  }
  const done = written.filter((each) => each.entry !== null);
  for (const { text, failure } of written) {
    if (failure !== null) world.log.warn({ object: text, code: failure.code }, failure.message);
  }
  if (done.length === 0) return ok(new Set());
  const saved = await save(world, recorded(inventory, plan, done), key);
  return saved.ok ? ok(new Set(done.map((each) => each.text))) : saved;
}
