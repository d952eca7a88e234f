/** Every move of a branch goes through here: the ref, the activity, the push event and the pull requests that feel it. */

import { zeroSha, type RefMove } from "./git/git.ts";
import type { Hub } from "./hub.ts";
import { announcePush } from "./push-event.ts";
import { followMove, type MoveCause } from "./pull-moves.ts";
import type { Repository } from "./repository-state.ts";
import type { ActivityType } from "./state.ts";
import { requestSuite } from "./suites.ts";

/** Moves all refs or none by compare-and-swap; false where one stands elsewhere. */
export async function moveRefs(
  hub: Hub,
  repository: Repository,
  moves: readonly RefMove[],
  cause: MoveCause,
): Promise<boolean> {
  if (!(await hub.git(repository).move(moves))) return false;
  await recordMoves(hub, repository, moves, cause);
  return true;
}

/** For moves that Git has made already, as a push does. */
export async function recordMoves(
  hub: Hub,
  repository: Repository,
  moves: readonly RefMove[],
  cause: MoveCause,
): Promise<void> {
  for (const move of moves) {
    if (move.before === move.after) continue;
    const forced = await isForced(hub, repository, move);
    if (move.ref.startsWith("refs/heads/")) {
      repository.pushedAt = hub.store.now();
      repository.activities.push({
        id: hub.store.nextId(),
        ref: move.ref,
        before: move.before,
        after: move.after,
        actor: cause.actor,
        timestamp: hub.store.now(),
        type: cause.type ?? activityType(move, forced),
      });
    }
    await announcePush(hub, repository, { ...move, forced }, cause.actor);
    if (!move.ref.startsWith("refs/heads/")) continue;
    if (move.after !== zeroSha) {
      const head = { sha: move.after, branch: move.ref.slice("refs/heads/".length) };
      await requestSuite(hub, repository, head, cause.actor);
    }
    await followMove(hub, repository, { ...move, forced }, cause);
  }
}

/** Whether commits are lost by the move. */
export async function isForced(hub: Hub, repository: Repository, move: RefMove): Promise<boolean> {
  if (move.before === zeroSha || move.after === zeroSha) return false;
  return !(await hub.git(repository).isAncestor(move.before, move.after));
}

function activityType(move: RefMove, forced: boolean): ActivityType {
  if (move.before === zeroSha) return "branch_creation";
  if (move.after === zeroSha) return "branch_deletion";
  return forced ? "force_push" : "push";
}
