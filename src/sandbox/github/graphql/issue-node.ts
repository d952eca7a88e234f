/** An issue as an object of the GraphQL schema, with the history of its text, which REST does not tell. */

import { nodeId, time } from "../present/links.ts";
import type { Repository } from "../repository-state.ts";
import type { ContentEdit } from "../state.ts";
import { actorNode } from "./actor-node.ts";
import type { Caller } from "./caller.ts";
import { GraphqlError } from "./graphql-error.ts";
import type { Node } from "./project.ts";

const mostPerPage = 100;

export function issueNode({ hub }: Caller, repository: Repository, number: number): Node {
  const issue = repository.issues.get(number);
  if (issue === undefined || repository.pulls.has(number)) {
    throw new GraphqlError("NOT_FOUND", `Could not resolve to an Issue with the number of ${number}.`);
  }
  const last = issue.edits.at(-1);
  return {
    __typename: "Issue",
    id: nodeId("I", issue.id),
    number,
    title: issue.title,
    body: issue.body ?? "",
    state: issue.state.toUpperCase(),
    author: actorNode(hub, issue.user),
    editor: last === undefined ? null : actorNode(hub, last.editor),
    lastEditedAt: last === undefined ? null : time(last.at),
    includesCreatedEdit: last !== undefined,
    userContentEdits: ({ first }: { first?: unknown }) => ({
      __typename: "UserContentEditConnection",
      totalCount: issue.edits.length,
      nodes: issue.edits
        .toReversed()
        .slice(0, pageSize(first))
        .map((edit) => editNode({ hub }, edit)),
    }),
  };
}

function editNode({ hub }: Pick<Caller, "hub">, { id, editor, at }: ContentEdit): Node {
  return {
    __typename: "UserContentEdit",
    id: nodeId("UCE", id),
    editor: actorNode(hub, editor),
    createdAt: time(at),
    editedAt: time(at),
    deletedAt: null,
  };
}

/** GitHub wants a size, and no more than a hundred. */
function pageSize(first: unknown): number {
  if (typeof first !== "number") {
    const message =
      "You must provide a `first` or `last` value to properly paginate the `userContentEdits` connection.";
    throw new GraphqlError("MISSING_PAGINATION_BOUNDARIES", message);
  }
  if (first >= 1 && first <= mostPerPage) return first;
  const asked = `Requesting ${first} records on the \`userContentEdits\` connection exceeds the \`first\` limit of ${mostPerPage} records.`;
  throw new GraphqlError("EXCESSIVE_PAGINATION", asked);
}
