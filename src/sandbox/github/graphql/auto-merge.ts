/** The mutations that let GitHub merge a pull request as soon as it may be. */

import { accountOf } from "../actor.ts";
import { ApiError } from "../api-error.ts";
import { optionalText, optionalWord } from "../input.ts";
import { mergeState } from "../merge-state.ts";
import { announcePull } from "../pull-life.ts";
import { demand } from "./demand.ts";
import { GraphqlError } from "./graphql-error.ts";
import { actorNode } from "./actor-node.ts";
import type { Caller } from "./caller.ts";
import { pullNode, pullOfId } from "./nodes.ts";
import type { Node } from "./project.ts";

type Input = Readonly<Record<string, unknown>>;

const methods = { MERGE: "merge", SQUASH: "squash", REBASE: "rebase" } as const;

export async function enableAutoMerge(caller: Caller, input: Input): Promise<Node> {
  const { hub, actor } = caller;
  const { repository, pull } = pullOfId(caller, input["pullRequestId"]);
  demand(caller, repository, { name: "contents", role: "write" });
  demand(caller, repository, { name: "pull_requests", role: "write" });
  const user = accountOf(actor);
  if (!user) throw new ApiError(401, "Requires authentication");
  const method = optionalWord(input, "mergeMethod", ["MERGE", "SQUASH", "REBASE"]) ?? "MERGE";
  const expected = optionalText(input, "expectedHeadOid");
  if (expected !== undefined && expected !== pull.headSha) {
    throw new GraphqlError("UNPROCESSABLE", "Head branch was modified. Review and try the merge again.");
  }
  if (!repository.allowAutoMerge) {
    throw new GraphqlError("UNPROCESSABLE", "Pull request Auto merge is not allowed for this repository");
  }
  const { word } = await mergeState(hub, repository, pull);
  // What may be merged already is to be merged, not to be waited for.
  if (word === "clean" || word === "dirty") {
    throw new GraphqlError("UNPROCESSABLE", `Pull request is in ${word} status`);
  }
  pull.autoMerge = { enabledBy: user, method: methods[method] };
  await announcePull(hub, repository, pull, {
    action: "auto_merge_enabled",
    sender: user,
    payload: { reason: "" },
  });
  return payload("EnablePullRequestAutoMergePayload", caller, input);
}

export async function disableAutoMerge(caller: Caller, input: Input): Promise<Node> {
  const { repository, pull } = pullOfId(caller, input["pullRequestId"]);
  demand(caller, repository, { name: "pull_requests", role: "write" });
  const user = accountOf(caller.actor);
  if (!pull.autoMerge || !user) {
    throw new GraphqlError("UNPROCESSABLE", "Can't disable auto-merge for this pull request.");
  }
  pull.autoMerge = null;
  const event = {
    action: "auto_merge_disabled",
    sender: user,
    payload: { reason: "Manually disabled by user" },
  };
  await announcePull(caller.hub, repository, pull, event);
  return payload("DisablePullRequestAutoMergePayload", caller, input);
}

function payload(name: string, caller: Caller, input: Input): Node {
  const user = accountOf(caller.actor);
  const { repository, pull } = pullOfId(caller, input["pullRequestId"]);
  return {
    __typename: name,
    clientMutationId: input["clientMutationId"] ?? null,
    actor: user ? actorNode(caller.hub, user) : null,
    pullRequest: pullNode(caller, repository, pull),
  };
}
