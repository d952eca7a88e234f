/** Objects of the GraphQL schema, with the fields that somebody here asks for. */

import { maySee } from "../actor.ts";
import { askMergeState, mergeState } from "../merge-state.ts";
import { idOfNode, nodeId, time } from "../present/links.ts";
import { pageOfRepository } from "../present/repository.ts";
import { protectionsOf } from "../protection.ts";
import type { PullRequest, QueueEntry } from "../pull-state.ts";
import type { Repository } from "../repository-state.ts";
import { fullNameOf } from "../store.ts";
import { actorNode } from "./actor-node.ts";
import type { Caller } from "./caller.ts";
import { GraphqlError } from "./graphql-error.ts";
import { issueNode } from "./issue-node.ts";
import type { Node } from "./project.ts";

export function repositoryNode(caller: Caller, repository: Repository): Node {
  const { hub } = caller;
  const git = hub.git(repository);
  return {
    __typename: "Repository",
    id: nodeId("R", repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullNameOf(repository),
    url: pageOfRepository(hub.store, repository),
    pullRequest: ({ number }: { number?: unknown }) => {
      const pull = repository.pulls.get(Number(number));
      if (pull) return pullNode(caller, repository, pull);
      throw new GraphqlError(
        "NOT_FOUND",
        `Could not resolve to a PullRequest with the number of ${String(number)}.`,
      );
    },
    issue: ({ number }: { number?: unknown }) => issueNode(caller, repository, Number(number)),
    ref: async ({ qualifiedName }: { qualifiedName?: unknown }) => {
      const name = String(qualifiedName);
      const oid = await git.ref(name.startsWith("refs/") ? name : `refs/heads/${name}`);
      return oid === undefined ? null : { __typename: "Ref", name, target: { __typename: "Commit", oid } };
    },
    autoMergeAllowed: repository.allowAutoMerge,
    squashMergeAllowed: true,
    mergeCommitAllowed: true,
    rebaseMergeAllowed: true,
    mergeQueue: ({ branch }: { branch?: unknown }) =>
      mergeQueueNode(caller, repository, typeof branch === "string" ? branch : repository.defaultBranch),
  };
}

export function pullNode(caller: Caller, repository: Repository, pull: PullRequest): Node {
  const { hub } = caller;
  const { issue } = pull;
  return {
    __typename: "PullRequest",
    id: nodeId("PR", pull.id),
    databaseId: pull.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    url: `${pageOfRepository(hub.store, repository)}/pull/${issue.number}`,
    state: pull.merged ? "MERGED" : issue.state.toUpperCase(),
    isDraft: pull.draft,
    merged: pull.merged,
    mergeable: pull.mergeable === null ? "UNKNOWN" : pull.mergeable ? "MERGEABLE" : "CONFLICTING",
    headRefName: pull.headBranch,
    headRefOid: pull.headSha,
    baseRefName: pull.baseBranch,
    baseRefOid: pull.baseSha,
    mergeStateStatus: async () => {
      await askMergeState(hub, repository, pull);
      return (await mergeState(hub, repository, pull)).word.toUpperCase();
    },
    repository: () => repositoryNode(caller, repository),
    autoMergeRequest: pull.autoMerge && {
      __typename: "AutoMergeRequest",
      enabledBy: actorNode(hub, pull.autoMerge.enabledBy),
      mergeMethod: pull.autoMerge.method.toUpperCase(),
    },
    isMergeQueueEnabled: protectionsOf(repository, pull.baseBranch).some(({ mergeQueue }) => mergeQueue),
    isInMergeQueue: repository.queue.some((entry) => entry.pull === pull),
    mergeQueueEntry: () => {
      const entry = repository.queue.find((candidate) => candidate.pull === pull);
      return entry ? queueEntryNode(caller, repository, entry) : null;
    },
  };
}

export function queueEntryNode(caller: Caller, repository: Repository, entry: QueueEntry): Node {
  const position = repository.queue.indexOf(entry) + 1;
  return {
    __typename: "MergeQueueEntry",
    id: nodeId("MQE", entry.id),
    position,
    state: "AWAITING_CHECKS",
    jump: false,
    solo: false,
    enqueuedAt: time(entry.enqueuedAt),
    enqueuer: actorNode(caller.hub, entry.enqueuer),
    baseCommit: { __typename: "Commit", oid: entry.baseSha },
    headCommit: { __typename: "Commit", oid: entry.headSha },
    pullRequest: () => pullNode(caller, repository, entry.pull),
  };
}

function mergeQueueNode(caller: Caller, repository: Repository, branch: string): Node | null {
  if (!protectionsOf(repository, branch).some(({ mergeQueue }) => mergeQueue)) return null;
  const entries = repository.queue.filter(({ pull }) => pull.baseBranch === branch);
  return {
    __typename: "MergeQueue",
    id: nodeId("MQ", `${repository.id}:${branch}`),
    entries: () => ({
      __typename: "MergeQueueEntryConnection",
      totalCount: entries.length,
      nodes: entries.map((entry) => queueEntryNode(caller, repository, entry)),
    }),
  };
}

/** The repository of a global id, as far as the caller may see it. */
export function repositoryOfId({ hub, actor }: Caller, id: unknown): Repository {
  const number = idOfNode("R", String(id));
  const found = hub.store.repositories.find((repository) => String(repository.id) === number);
  if (!found || !maySee(hub.store, actor, found)) throw unknownNode(id);
  return found;
}

export function pullOfId({ hub, actor }: Caller, id: unknown): { repository: Repository; pull: PullRequest } {
  const number = idOfNode("PR", String(id));
  for (const repository of hub.store.repositories) {
    const pull = [...repository.pulls.values()].find((candidate) => String(candidate.id) === number);
    if (pull && maySee(hub.store, actor, repository)) return { repository, pull };
  }
  throw unknownNode(id);
}

export function unknownNode(id: unknown): GraphqlError {
  return new GraphqlError("NOT_FOUND", `Could not resolve to a node with the global id of '${String(id)}'`);
}
