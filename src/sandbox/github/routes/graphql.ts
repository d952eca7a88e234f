/** The GraphQL endpoint: a dispatch by field name to the few operations that REST has no twin for. */

import { accountOf, maySee } from "../actor.ts";
import { ApiError } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { actorNode } from "../graphql/actor-node.ts";
import { disableAutoMerge, enableAutoMerge } from "../graphql/auto-merge.ts";
import type { Caller } from "../graphql/caller.ts";
import { GraphqlError } from "../graphql/graphql-error.ts";
import { pullNode, pullOfId, repositoryNode, repositoryOfId } from "../graphql/nodes.ts";
import { parseOperation, type Field } from "../graphql/parse.ts";
import { project, type Node } from "../graphql/project.ts";
import { dequeuePullRequest, enqueuePullRequest } from "../graphql/queue.ts";
import { updateRefs } from "../graphql/update-refs.ts";
import { asRecord, optionalRecord, text } from "../input.ts";
import type { Context, Route } from "../router.ts";
import { repositoryNamed } from "../moved.ts";
import { findRepository } from "../store.ts";

type Input = Readonly<Record<string, unknown>>;

const mutations: Readonly<Record<string, (caller: Caller, input: Input) => Promise<Node>>> = {
  updateRefs,
  enablePullRequestAutoMerge: enableAutoMerge,
  disablePullRequestAutoMerge: disableAutoMerge,
  enqueuePullRequest,
  dequeuePullRequest,
};

const queries: Readonly<Record<string, (caller: Caller, args: Input) => Node | null>> = {
  viewer: ({ hub, actor }) => {
    const account = accountOf(actor);
    return account ? actorNode(hub, account) : null;
  },
  repository: (caller, { owner, name, followRenames }) => {
    const { hub, actor } = caller;
    const find = followRenames === false ? findRepository : repositoryNamed;
    const repository = find(hub.store, String(owner), String(name));
    if (repository && maySee(hub.store, actor, repository)) return repositoryNode(caller, repository);
    throw new GraphqlError(
      "NOT_FOUND",
      `Could not resolve to a Repository with the name '${String(owner)}/${String(name)}'.`,
    );
  },
  node: (caller, { id }) => {
    if (String(id).startsWith("R_")) return repositoryNode(caller, repositoryOfId(caller, id));
    const { repository, pull } = pullOfId(caller, id);
    return pullNode(caller, repository, pull);
  },
};

async function answer(context: Context): Promise<Answer> {
  const { body } = context;
  const errors: unknown[] = [];
  const data: Record<string, unknown> = {};
  try {
    const operation = parseOperation(text(body, "query"), optionalRecord(body, "variables") ?? {});
    for (const field of operation.fields) {
      data[field.alias] = await run(context, operation.kind, field).catch((error: unknown) => {
        errors.push(presentError(error, field));
        return null;
      });
    }
  } catch (error) {
    return { status: 200, body: { errors: [presentError(error)] } };
  }
  return { status: 200, body: { data, ...(errors.length > 0 && { errors }) } };
}

async function run(caller: Caller, kind: "query" | "mutation", field: Field): Promise<unknown> {
  if (field.name === "__typename") return kind === "query" ? "Query" : "Mutation";
  const mutate = mutations[field.name];
  const query = queries[field.name];
  if (kind === "mutation" && mutate) {
    const input = asRecord(field.arguments["input"], "input");
    return await project(await mutate(caller, input), field.fields);
  }
  if (kind === "query" && query) return await project(query(caller, field.arguments), field.fields);
  const type = kind === "query" ? "Query" : "Mutation";
  throw new GraphqlError("UNDEFINED_FIELD", `Field '${field.name}' doesn't exist on type '${type}'`);
}

function presentError(error: unknown, field?: Field): Record<string, unknown> {
  if (!(error instanceof GraphqlError) && !(error instanceof ApiError)) throw error;
  return {
    ...(error instanceof GraphqlError && error.type !== "PARSE_ERROR" && { type: error.type }),
    ...(field && { path: [field.alias] }),
    locations: [{ line: 1, column: 1 }],
    message: error.message,
  };
}

export const graphqlRoutes: readonly Route[] = [{ method: "POST", path: "/graphql", handle: answer }];
