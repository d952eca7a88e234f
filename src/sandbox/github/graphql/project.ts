/** Cuts what a resolver gave down to what the query selects. */

import { GraphqlError } from "./graphql-error.ts";
import type { Field } from "./parse.ts";

/** An object of the schema: `__typename`, and fields that are values or are worked out when they are selected. */
export interface Node {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

type Resolver = (args: Readonly<Record<string, unknown>>) => unknown;

export async function project(value: unknown, fields: readonly Field[]): Promise<unknown> {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return await Promise.all(value.map((one) => project(one, fields)));
  if (typeof value !== "object" || fields.length === 0) return value;
  const node = value as Node;
  const { __typename: type } = node;
  const entries: [string, unknown][] = [];
  for (const field of fields) {
    if (field.on !== undefined && field.on !== type) continue;
    entries.push([field.alias, await project(await resolve(node, field), field.fields)]);
  }
  return Object.fromEntries(entries);
}

async function resolve(node: Node, field: Field): Promise<unknown> {
  if (!(field.name in node)) {
    const { __typename: type } = node;
    throw new GraphqlError("UNDEFINED_FIELD", `Field '${field.name}' doesn't exist on type '${type}'`);
  }
  const value = node[field.name];
  return typeof value === "function" ? await (value as Resolver)(field.arguments) : value;
}
