/** What happened to an issue or pull request, oldest first; of all of GitHub's events only changes of the base. */

import type { Answer } from "../answer.ts";
import { paginate } from "../page.ts";
import { nodeId, time } from "../present/links.ts";
import { apiOf } from "../present/repository.ts";
import { presentUser } from "../present/user.ts";
import type { BaseChange } from "../pull-state.ts";
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
  const changes = context.repository.pulls.get(issueOf(context).number)?.baseChanges ?? [];
  return paginate(context, changes, (change) => presentBaseChange(context, change));
}

function presentBaseChange({ hub, repository }: Context, { id, actor, at }: BaseChange) {
  return {
    id,
    node_id: nodeId("BRCE", id),
    url: `${apiOf(hub.store, repository)}/issues/events/${id}`,
    actor: presentUser(hub.store, actor),
    event: "base_ref_changed",
    commit_id: null,
    commit_url: null,
    created_at: time(at),
    performed_via_github_app: null,
  };
}
