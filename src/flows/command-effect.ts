/** Does what a command wants done. */

import type { Effect } from "../commands/command.ts";
import { type Failure, type Result, ok } from "../model/failure.ts";
import type { RepositoryRef } from "../model/repository.ts";
import type { IssueComment, Issues } from "../ports/forge.ts";
import { inertSpan } from "../text/inert.ts";
import { replyOnce } from "./command-reply.ts";
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
      return rebuild(given);
  }
}

async function rebuild({ world, repository, issues, comment, thread }: Given): Promise<Result<Outcome>> {
  const accepted = await issues.react(comment.id, "rocket");
  if (!accepted.ok) return accepted;
  const rebuilt = await rebuildPull(world, repository, comment.issue);
  if (rebuilt.ok) return ok("done");
  if (!isFinal(rebuilt.failure)) return rebuilt;
  const why = `It cannot be built anew: ${inertSpan(rebuilt.failure.message, 500)}`;
  const replied = await replyOnce(issues, thread, comment, [why]);
  return replied.ok ? ok("refused") : replied;
}

/** Whether trying again is useless until a person has done something. */
function isFinal({ code }: Failure): boolean {
  return ["rejected", "unsupported", "not-found", "forbidden", "malformed", "too-large"].includes(code);
}

function done(result: Result<void>): Result<Outcome> {
  return result.ok ? ok("done") : result;
}
