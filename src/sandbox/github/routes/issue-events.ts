/** What happened to an issue or pull request, oldest first; of all of GitHub's events only changes of the base and force-pushes. */

import type { Answer } from "../answer.ts";
import { paginate } from "../page.ts";
import { nodeId, time } from "../present/links.ts";
import { apiOf } from "../present/repository.ts";
import { presentUser } from "../present/user.ts";
import type { PullMove } from "../pull-state.ts";
import type { Context, Route } from "../router.ts";
import { issueOf, issueOrPull } from "./issues.ts";

export const issueEventRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/{issue_number}/events",
    permission: issueOrPull("read"),
    handle: list,
  },
];

function list(context: Context): Promise<Answer> {
  const pull = context.repository.pulls.get(issueOf(context).number);
  const events = [
    ...(pull?.baseChanges ?? []).map((move) => ({ move, event: "base_ref_changed" })),
    ...(pull?.forcedPushes ?? []).map((move) => ({ move, event: "head_ref_force_pushed" })),
  ].sort((a, b) => a.move.id - b.move.id);
  return paginate(context, events, (one) => presentEvent(context, one));
}

function presentEvent(
  { hub, repository }: Context,
  { move: { id, actor, at }, event }: { move: PullMove; event: string },
) {
  return {
    id,
    node_id: nodeId("BRCE", id),
    url: `${apiOf(hub.store, repository)}/issues/events/${id}`,
    actor: presentUser(hub.store, actor),
    event,
    commit_id: null,
    commit_url: null,
    created_at: time(at),
    performed_via_github_app: null,
  };
}
