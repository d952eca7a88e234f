/** Proposes by itself to take back what did not become healthy, where the app's configuration says so: once for each commit. */

import { type Result, ok } from "../../model/failure.ts";
import { type Pending, newestChange } from "../../rollout/inventory.ts";
import { inertSpan } from "../../text/inert.ts";
import type { Course } from "../deploy/deploy-course.ts";
import { isPassing } from "../deploy/deploy-failure.ts";
import { openRollback } from "./rollback.ts";

/** Of what is not healthy; the deployment's comment has the rest. */
const mostNotes = 10;

/**
 * Of several pull requests that came with the commit, it is the newest: each goes back by one of its own. What cannot be taken
 * back is logged, and keeps nothing from going on.
 */
export async function takeBackUnhealthy(
  { world, input, rollout }: Course,
  pending: Pending,
  notes: readonly string[],
): Promise<Result<void>> {
  const { name, rollback } = rollout.app;
  const { key, hash } = input;
  const pull = pending.pulls.find(({ sha }) => sha === newestChange(pending));
  if (rollback !== "auto" || pull === undefined) return ok(undefined);
  if (world.memory.takenBack.get(hash) === pending.sha) return ok(undefined);
  const others = pending.pulls
    .filter(({ number }) => number !== pull.number)
    .map(({ number }) => `#${number}`);
  const along =
    others.length === 0
      ? ""
      : ` ${others.slice(-20).join(", ")} came with it, and ${others.length === 1 ? "stays" : "stay"}.`;
  const because = [
    `${inertSpan(name)} did not become healthy with it, and its configuration has \`rollback: auto\`. Close this where it is better to go forward: it is not opened again.${along}`,
    notes
      .slice(0, mostNotes)
      .map((note) => `- ${inertSpan(note, 500)}`)
      .join("\n"),
  ].join("\n\n");
  const opened = await openRollback(world, key.repository, { number: pull.number, because, once: true });
  if (!opened.ok && isPassing(opened.failure)) return opened;
  if (!opened.ok)
    world.log.warn({ app: name, sha: pending.sha, code: opened.failure.code }, opened.failure.message);
  world.memory.takenBack.set(hash, pending.sha);
  return ok(undefined);
}
