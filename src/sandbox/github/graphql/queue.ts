/** The mutations that put a pull request into the merge queue and take it out. */

import { accountOf } from "../actor.ts";
import { optionalText } from "../input.ts";
import { enqueue, leave } from "../merge-queue.ts";
import { missingChecks, protectionsOf } from "../protection.ts";
import { missingApprovals } from "../review-state.ts";
import { demand } from "./demand.ts";
import { GraphqlError } from "./graphql-error.ts";
import type { Caller } from "./caller.ts";
import { pullOfId, queueEntryNode } from "./nodes.ts";
import type { Node } from "./project.ts";

type Input = Readonly<Record<string, unknown>>;

export async function enqueuePullRequest(caller: Caller, input: Input): Promise<Node> {
  const { hub, actor } = caller;
  const { repository, pull } = pullOfId(caller, input["pullRequestId"]);
  demand(caller, repository, { name: "merge_queues", role: "write" });
  const user = accountOf(actor);
  const protections = protectionsOf(repository, pull.baseBranch);
  if (!user || !protections.some(({ mergeQueue }) => mergeQueue)) {
    throw refuse(`Branch ${pull.baseBranch} has no merge queue`);
  }
  const expected = optionalText(input, "expectedHeadOid");
  if (expected !== undefined && expected !== pull.headSha)
    throw refuse("The head of the pull request has changed");
  if (pull.issue.state === "closed") throw refuse("Pull request is closed");
  if (repository.queue.some((entry) => entry.pull === pull))
    throw refuse("Pull request is already in the queue");
  const missing =
    missingChecks(repository, protections, pull.headSha) ?? missingApprovals(hub.store, repository, pull);
  if (missing !== undefined) throw refuse(missing);
  const entry = await enqueue(hub, repository, pull, { user, method: "merge" });
  return {
    __typename: "EnqueuePullRequestPayload",
    clientMutationId: input["clientMutationId"] ?? null,
    mergeQueueEntry: queueEntryNode(caller, repository, entry),
  };
}

function refuse(message: string): GraphqlError {
  return new GraphqlError("UNPROCESSABLE", message);
}

export async function dequeuePullRequest(caller: Caller, input: Input): Promise<Node> {
  const { repository, pull } = pullOfId(caller, input["id"]);
  demand(caller, repository, { name: "merge_queues", role: "write" });
  const entry = repository.queue.find((candidate) => candidate.pull === pull);
  if (!entry) throw refuse("Pull request is not in the queue");
  await leave(caller.hub, repository, entry, "dequeued");
  return {
    __typename: "DequeuePullRequestPayload",
    clientMutationId: input["clientMutationId"] ?? null,
    mergeQueueEntry: queueEntryNode(caller, repository, entry),
  };
}
