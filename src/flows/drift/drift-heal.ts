/** Applies Git again where an app or a person wants that, and leaves alone what is fought over. */

import { type Result, ok } from "../../model/failure.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import { type Finding, isNamedBy, objectName } from "../../rollout/drift-findings.ts";
import type { DriftState } from "../../rollout/drift-report.ts";
import { calmsInMs, healsInMs, withTime } from "../../rollout/repeats.ts";
import { inertProse, inertSpan } from "../../text/inert.ts";
import { applyOne, recorded, save } from "../deploy/deploy-apply.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import type { Found } from "./drift-find.ts";
import { type DriftRequest, answerRequest } from "./drift-requests.ts";
import type { DriftInput } from "./drift-input.ts";
import { deployKey } from "../deploy/live.ts";

export interface Healing {
  /** What is as Git says now, by the names of the plan. */
  readonly healed: ReadonlySet<string>;
  readonly givenUp: DriftState["givenUp"];
}

interface HealInput extends DriftInput {
  readonly asked: readonly DriftRequest[];
  /** Whether a finding is not to be told of now. */
  readonly isHidden: (finding: Finding) => boolean;
  readonly findingsOf: (found: Found) => readonly Finding[];
}

/** Nothing is healed while the app is paused; what people ask for waits. */
export async function healDrift(
  world: DeployWorld,
  inventory: Inventory,
  input: HealInput,
  found: readonly Found[],
): Promise<Result<Healing>> {
  if (input.pause !== null) return ok({ healed: new Set(), givenUp: [] });
  const isAsked = (one: Found): boolean => input.asked.some((request) => isMeant(request, one));
  const wanted = found.filter((one) => isAsked(one) || healsByItself(input, one));
  const now = world.clock.now().getTime();
  const waits = new Map(
    wanted.map((one) => [
      one,
      isAsked(one) ? 0 : healsInMs(world.memory.healed.get(placeOf(inventory, one)), now),
    ]),
  );
  for (const [one, wait] of waits) {
    const calm = wait ?? calmsInMs(world.memory.healed.get(placeOf(inventory, one)), now);
    if (calm > 0) world.queue.add(deployKey(inventory), Math.ceil(calm / 1000));
  }
  const chosen = wanted.filter((one) => waits.get(one) === 0);
  const done = await applyAgain(world, inventory, input, chosen);
  if (!done.ok) return done;
  const answered = await answerAll(input, found, done.value);
  if (!answered.ok) return answered;
  const givenUp = wanted
    .filter((one) => waits.get(one) === null)
    .map(({ drift }) => ({
      object: objectName(drift.id),
      writer: drift.fields.find(({ writer }) => writer !== null)?.writer ?? null,
    }));
  return ok({ healed: new Set(done.value.healed), givenUp });
}

function isMeant({ words }: DriftRequest, { drift }: Found): boolean {
  return words === "" || isNamedBy(drift.id, words);
}

function healsByItself({ app, isHidden, findingsOf }: HealInput, one: Found): boolean {
  if (one.drift.class === "ownership-lost") return true;
  return app.drift === "heal" && !findingsOf(one).every(isHidden);
}

const placeOf = ({ app }: Inventory, { planned }: Found): string => `${app} ${planned.text}`;

interface Done {
  readonly healed: readonly string[];
  /** By name, why not. */
  readonly failed: ReadonlyMap<string, string>;
}

async function applyAgain(
  world: DeployWorld,
  inventory: Inventory,
  { plan, as, key }: DriftInput,
  chosen: readonly Found[],
): Promise<Result<Done>> {
  const written = [];
  for (const one of chosen) {
    const adds = one.drift.fields.some(({ wanted }) => wanted === null);
    const way = { deferred: false, adopts: false, recreates: null, dropsAdditions: adds };
    written.push(await applyOne(world, { inventory, as, key }, one.planned, way));
    const place = placeOf(inventory, one);
    const times = withTime(world.memory.healed.get(place), world.clock.now().getTime());
    world.memory.healed.set(place, times);
  }
  const done = written.filter((each) => each.entry !== null);
  const failed = new Map<string, string>();
  for (const { text, failure } of written) {
    if (failure === null) continue;
    failed.set(text, failure.message);
    world.log.warn({ object: text, code: failure.code }, failure.message);
  }
  if (done.length === 0) return ok({ healed: [], failed });
  const saved = await save(world, recorded(inventory, plan, done), key);
  return saved.ok ? ok({ healed: done.map((each) => each.text), failed }) : saved;
}

/** Everybody who asked is told, in words where not all of it is as they wanted. */
async function answerAll(
  { asked, forge }: HealInput,
  found: readonly Found[],
  { healed, failed }: Done,
): Promise<Result<void>> {
  for (const request of asked) {
    const meant = found.filter((one) => isMeant(request, one));
    const left = meant.filter(({ planned }) => !healed.includes(planned.text));
    const missing = meant.length === 0 && found.length > 0 ? [noSuch(request.words, found)] : [];
    const why = left.map(
      ({ planned, drift }) =>
        `${inertSpan(objectName(drift.id))} stays as it is: ${inertProse(failed.get(planned.text) ?? "it was not applied")}.`,
    );
    const blocks = [...missing, ...why];
    const answered = await answerRequest(forge, request, blocks.length === 0 ? "+1" : "confused", blocks);
    if (!answered.ok) return answered;
  }
  return ok(undefined);
}

/** A sentence for whoever has named something that has not drifted. */
export function noSuch(words: string, found: readonly Found[]): string {
  const names = [...new Set(found.map(({ drift }) => inertSpan(objectName(drift.id))))].slice(0, 20);
  return `${inertSpan(words)} has not drifted; what has is ${names.join(", ")}.`;
}
