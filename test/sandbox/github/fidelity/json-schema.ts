// Turns the schemas of an OpenAPI 3.0 document into JSON Schemas that a validator can compile.

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The name under which the converted document is registered with the validator. */
export const documentId = "github";

/**
 * `nullable` becomes a type, references point into the registered document, and an object that lists its properties may
 * have no others: the sandbox must not invent fields that GitHub does not have. Objects that are put together of several
 * schemas (`allOf` of more than one, or properties beside alternatives) stay open, since no part knows the whole.
 */
export function toJsonSchema(document: unknown): unknown {
  return convert(document, partsOfSums(document));
}

function convert(node: unknown, open: ReadonlySet<string>, name = ""): unknown {
  if (Array.isArray(node)) return node.map((item) => convert(item, open));
  if (!isRecord(node)) return node;
  if (Array.isArray(node["enum"]) || typeof node["type"] === "string" || node["nullable"] === true) {
    return convertSchema(node, open, name);
  }
  return mapValues(node, (value, key) =>
    key === "$ref" && typeof value === "string" ? documentId + value : convert(value, open, key),
  );
}

function convertSchema(node: JsonSchema, open: ReadonlySet<string>, name: string): unknown {
  const { nullable, example: _example, discriminator: _discriminator, ...rest } = node;
  const plain = mapValues(rest, (value, key) => {
    if (key === "$ref" && typeof value === "string") return documentId + value;
    return key === "enum" || key === "required" || key === "default" ? value : convert(value, open, key);
  });
  const composed = "oneOf" in plain || "anyOf" in plain || "allOf" in plain;
  const closed = "properties" in plain && !("additionalProperties" in plain) && !composed && !open.has(name);
  const schema = closed ? { ...plain, additionalProperties: false } : plain;
  return nullable === true ? { anyOf: [schema, { type: "null" }] } : schema;
}

/** Names of the components that are only a part of what an answer holds. */
function partsOfSums(node: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const item of node) partsOfSums(item, found);
  if (!isRecord(node)) return found;
  const sum = node["allOf"];
  if (Array.isArray(sum) && sum.length > 1) {
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
