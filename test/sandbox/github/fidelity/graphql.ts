/** Judges GraphQL exchanges by GitHub's public schema. */
import { schema as published } from "@octokit/graphql-schema";

import {
  buildSchema,
  execute,
  Kind,
  parse,
  validate,
  type DocumentNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from "graphql";
import { parsed, type Exchange } from "./exchange.ts";

type Row = Readonly<Record<string, unknown>>;

/**
 * A judge of `POST /graphql`. The query must be valid; where `data` came, it is completed once more by the reference
 * implementation, which finds missing, misplaced and mistyped values, and must come out as it went in.
 */
export function graphqlJudge(): (exchange: Exchange) => readonly string[] {
  let schema: GraphQLSchema | null = null;
  return (exchange) => {
    schema ??= buildSchema(published.idl, { assumeValid: true });
    const request = parsed(exchange.requestBody) as {
      query?: string;
      variables?: Row;
      operationName?: string;
    };
    const answer = parsed(exchange.responseBody) as {
      data?: Row | null;
      errors?: unknown[];
      message?: string;
    };
    if (exchange.status !== 200)
      return typeof answer?.message === "string" ? [] : ["graphql: a refusal without message"];
    const refused = (answer.errors ?? []).length > 0;
    const document = parse(request.query ?? "");
    const invalid = validate(schema, document).map((error) => `graphql: ${error.message}`);
    if (invalid.length > 0) return refused ? [] : invalid;
    if (answer.data === undefined || answer.data === null)
      return refused ? [] : ["graphql: neither data nor errors"];
    return completionProblems(schema, document, request, { data: answer.data, refused });
  };
}

function completionProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  request: { variables?: Row; operationName?: string },
  answer: { data: Row; refused: boolean },
): string[] {
  const completed = execute({
    schema,
    document,
    rootValue: answer.data,
    variableValues: request.variables ?? {},
    operationName: request.operationName ?? null,
    // The answer is already keyed by alias.
    fieldResolver: (source: Row, _args, _context, info) => source[String(info.path.key)],
    typeResolver: (value: Row, _context, info) =>
      (value["__typename"] as string | undefined) ?? onlyFragment(info),
  });
  if (completed instanceof Promise) return ["graphql: the answer did not complete at once"];
  const broken = (completed.errors ?? []).map(
    (error) => `graphql: ${error.path?.join(".")}: ${error.message}`,
  );
  if (answer.refused || broken.length > 0) return answer.refused ? [] : broken;
  const same = JSON.stringify(sorted(completed.data)) === JSON.stringify(sorted(answer.data));
  return same ? [] : ["graphql: the answer holds what was not asked for"];
}

/** The type named by the query's one inline fragment, for an answer that does not carry `__typename`. */
function onlyFragment(info: GraphQLResolveInfo): string | undefined {
  const fragments = info.fieldNodes
    .flatMap((node) => node.selectionSet?.selections ?? [])
    .flatMap((selection) =>
      selection.kind === Kind.INLINE_FRAGMENT ? [selection.typeCondition?.name.value] : [],
    );
  return fragments.length === 1 ? fragments[0] : undefined;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
