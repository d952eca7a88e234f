/** Does what a command wants done. */

import type { Effect } from "../../commands/command.ts";
import { type Failure, type Result, ok } from "../../model/failure.ts";
import { inertProse } from "../../text/inert.ts";
import { acceptLanding } from "../landing/accept.ts";
import { holdPull, resumePull } from "../scan/hold-pull.ts";
import { replan } from "./command-plan.ts";
import type { Given, Outcome } from "../given.ts";
import { statusOf } from "./command-status.ts";
import { overrideCheck } from "../check/override.ts";
import { pauseApp } from "./pause-app.ts";
import { rebuildPull } from "../scan/rebuild.ts";
import { takeBack } from "../rollback/rollback.ts";
import { scan } from "../scan/scan.ts";

/** A failure means that it is to be tried again. Everything here may run twice. */
export async function perform(given: Given, effect: Effect): Promise<Result<Outcome>> {
  const { world, repository, number } = given;
  switch (effect.type) {
    case "reply":
      return done(await given.reply([effect.markdown]));
    case "report-status":
      return tell(given, await statusOf(world, repository, number));
    case "refuse":
      return refuse(given, effect.markdown);
    case "pause-app":
      return pause(given, effect);
    case "plan-merge":
      return tell(given, await replan(world, repository, number));
    case "scan":
      world.queue.add({ flow: "scan", repository });
      return ok("done");
    case "open-waiting":
      return done(await scan(world, repository, { open: effect.branch }));
    case "accept-landing":
      return acceptLanding(given, effect);
    case "override-check":
      return overrideCheck(given, effect.why);
    case "take-back":
      return takeBack(given, effect.why);
    case "settle-drift": {
      const accepted = await given.accept();
      if (!accepted.ok) return accepted;
      world.queue.add({ flow: "deploy", repository, path: effect.path });
      return ok("handed-on");
    }
    default:
      return changePull(given, effect);
  }
}

async function tell(given: Given, blocks: Result<readonly string[]>): Promise<Result<Outcome>> {
  return blocks.ok ? done(await given.reply(blocks.value)) : blocks;
}

async function pause(
  given: Given,
  { app, seconds, why }: Extract<Effect, { type: "pause-app" }>,
): Promise<Result<Outcome>> {
  const { world, repository, by, at } = given;
  const paused = await pauseApp(world, repository, { app, seconds, why, by, at });
  if (paused.ok) return done(await given.reply([paused.value]));
  return isFinal(paused.failure) ? refusal(given, "It cannot be paused", paused.failure) : paused;
}

type PullEffect = Extract<Effect, { type: `${string}-pull` }>;

async function changePull(given: Given, effect: PullEffect): Promise<Result<Outcome>> {
  const accepted = await given.accept();
  if (!accepted.ok) return accepted;
  const [changed, what] = await makeChange(given, effect);
  if (changed.ok) return ok("done");
  return isFinal(changed.failure) ? refusal(given, what, changed.failure) : changed;
}

async function refusal(given: Given, what: string, { message }: Failure): Promise<Result<Outcome>> {
  return refuse(given, `${what}: ${inertProse(message)}.`);
}

async function refuse(given: Given, markdown: string): Promise<Result<Outcome>> {
  const replied = await given.reply([markdown]);
  return replied.ok ? ok("refused") : replied;
}

/** The change, and how a refusal of it begins. */
async function makeChange(
  { world, repository, number, by }: Given,
  effect: PullEffect,
): Promise<readonly [Result<void>, string]> {
  switch (effect.type) {
    case "hold-pull":
      return [await holdPull(world, repository, number, { ...effect, by }), "Nothing can be held here"];
    case "resume-pull":
      return [await resumePull(world, repository, number, by), "There is nothing to resume"];
    default: {
      const rebuilt = await rebuildPull(world, repository, { number, discard: effect.discard });
      return [rebuilt, "It cannot be built anew"];
    }
  }
}

/** Whether trying again is useless until a person has done something. */
function isFinal({ code }: Failure): boolean {
  return ["rejected", "unsupported", "not-found", "forbidden", "malformed", "too-large"].includes(code);
}

function done(result: Result<void>): Result<Outcome> {
  return result.ok ? ok("done") : result;
}
