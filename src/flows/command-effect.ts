/** Does what a command wants done. */

import type { Effect } from "../commands/command.ts";
import { type Failure, type Result, ok } from "../model/failure.ts";
import type { RepositoryRef } from "../model/repository.ts";
import type { IssueComment, Issues } from "../ports/forge.ts";
import { inertProse } from "../text/inert.ts";
import { replyOnce } from "./command-reply.ts";
import { holdPull, resumePull } from "./hold-pull.ts";
import { statusOf } from "./command-status.ts";
import { rebuildPull } from "./rebuild.ts";
import type { World } from "./world.ts";

/** One command comment and the thread that it stands in. */
export interface Given {
  readonly world: World;
  readonly repository: RepositoryRef;
  readonly issues: Issues;
  readonly comment: IssueComment;
  /** Every comment of the thread, oldest first. */
  readonly thread: readonly IssueComment[];
}

/** `done`: answered. `handed-on`: another flow goes on and reacts when it is done. `refused`: it cannot be done. */
export type Outcome = "done" | "handed-on" | "refused";

/** A failure means that it is to be tried again. Everything here may run twice. */
export async function perform(given: Given, effect: Effect): Promise<Result<Outcome>> {
  const { world, repository, issues, comment, thread } = given;
  switch (effect.type) {
    case "reply":
      return done(await replyOnce(issues, thread, comment, [effect.markdown]));
    case "report-status": {
      const blocks = await statusOf(world, repository, comment.issue);
      return blocks.ok ? done(await replyOnce(issues, thread, comment, blocks.value)) : blocks;
    }
    case "scan":
      world.queue.add({ flow: "scan", repository });
      return ok("done");
    case "heal-app": {
      const accepted = await issues.react(comment.id, "rocket");
      if (!accepted.ok) return accepted;
      world.queue.add({ flow: "deploy", repository, path: effect.path });
      return ok("handed-on");
    }
    default:
      return changePull(given, effect);
  }
}

type PullEffect = Extract<Effect, { type: `${string}-pull` }>;

async function changePull(given: Given, effect: PullEffect): Promise<Result<Outcome>> {
  const { issues, comment, thread } = given;
  const accepted = await issues.react(comment.id, "rocket");
  if (!accepted.ok) return accepted;
  const [changed, what] = await makeChange(given, effect);
  if (changed.ok) return ok("done");
  if (!isFinal(changed.failure)) return changed;
  const why = `${what}: ${inertProse(changed.failure.message)}.`;
  const replied = await replyOnce(issues, thread, comment, [why]);
  return replied.ok ? ok("refused") : replied;
}

/** The change, and how a refusal of it begins. */
async function makeChange(
  { world, repository, comment }: Given,
  effect: PullEffect,
): Promise<readonly [Result<void>, string]> {
  const { issue: number, author } = comment;
  switch (effect.type) {
    case "hold-pull": {
      const held = await holdPull(world, repository, number, { ...effect, by: author.login });
      return [held, "Nothing can be held here"];
    }
    case "resume-pull":
      return [await resumePull(world, repository, number, author.login), "There is nothing to resume"];
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
