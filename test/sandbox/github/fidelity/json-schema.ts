/** Turns the schemas of an OpenAPI 3.0 document into JSON Schemas that a validator can compile. */

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The name under which the converted document is registered with the validator. */
export const documentId = "github";

/**
 * `nullable` becomes a type, references point into the registered document, and an object that lists its properties may
 * have no others: the sandbox must not invent fields that GitHub does not have. Objects that are put together of several
 * schemas (`allOf` of more than one, or properties beside alternatives) stay open, since no part knows the whole.
 */
export function toJsonSchema(document: unknown): unknown {
  return convert(document, partsOfSums(document), false);
}

/** `part` says that the node is a part of a sum and must stay open. */
function convert(node: unknown, parts: ReadonlySet<string>, part: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => convert(item, parts, part));
  if (!isRecord(node)) return node;
  const converted = mapValues(withoutExclusion(node), (value, key) => {
    if (key === "$ref" && typeof value === "string") return documentId + value;
    if (isData(key, value)) return value;
    return convert(value, parts, parts.has(key) || isSum(key, value));
  });
  return finish(converted, part);
}

/** The description says `oneOf` also where an answer fits several of the alternatives: one at least is what it means. */
function withoutExclusion(node: JsonSchema): JsonSchema {
  const { oneOf, ...rest } = node;
  return Array.isArray(oneOf) && !("anyOf" in rest) ? { ...rest, anyOf: oneOf } : node;
}

/** Makes a converted schema closed and nullable; what is not a schema comes out as it went in. */
function finish(node: JsonSchema, part: boolean): unknown {
  const { nullable, example: _example, discriminator: _discriminator, format, ...plain } = node;
  // `format: uri` beside `default: ""`: what is given when nothing was said has no format.
  const rest = format === undefined || plain["default"] === "" ? plain : { ...plain, format };
  if (typeof node["type"] !== "string" && nullable !== true && !("allOf" in node)) return node;
  const composed = "oneOf" in rest || "anyOf" in rest || "allOf" in rest;
  const closed = "properties" in rest && !("additionalProperties" in rest) && !composed && !part;
  const schema = closed ? { ...rest, additionalProperties: false } : rest;
  return nullable === true ? { anyOf: [schema, { type: "null" }] } : schema;
}

/** Lists of plain values, in which nothing is a schema. */
function isData(key: string, value: unknown): boolean {
  return Array.isArray(value) && ["enum", "required"].includes(key);
}

function isSum(key: string, value: unknown): value is readonly unknown[] {
  return key === "allOf" && Array.isArray(value) && value.length > 1;
}

/** Names of the components that are only a part of what an answer holds. */
function partsOfSums(node: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const item of node) partsOfSums(item, found);
  if (!isRecord(node)) return found;
  const sum = node["allOf"];
  if (isSum("allOf", sum)) {
    for (const part of sum as JsonSchema[]) {
      if (typeof part["$ref"] === "string") found.add(part["$ref"].slice(part["$ref"].lastIndexOf("/") + 1));
    }
  }
  for (const value of Object.values(node)) partsOfSums(value, found);
  return found;
}

function isRecord(node: unknown): node is JsonSchema {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}

function mapValues(
  node: JsonSchema,
  change: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, change(value, key)]));
}
