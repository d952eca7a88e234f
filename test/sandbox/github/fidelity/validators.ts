/** Compiles the schemas of the description, each the first time it is needed. */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { Description } from "./description.ts";
import { documentId, toJsonSchema, type JsonSchema } from "./json-schema.ts";

/** Problems of a value, one sentence each. */
type Check = (schema: JsonSchema, value: unknown) => string[];

/** `body` takes values as they are; `query` reads numbers and booleans out of text, as a query string has them. */
export interface Validators {
  readonly body: Check;
  readonly query: Check;
}

export function validatorsOf(description: Description): Validators {
  const document = toJsonSchema({ components: description.components }) as JsonSchema;
  const query = checkOf(document, true);
  const boxes = new Map<JsonSchema, JsonSchema>();
  return {
    body: checkOf(document, false),
    query(schema, value) {
      // The validator coerces only what stands inside an object.
      const box = boxes.get(schema) ?? { type: "object", properties: { value: schema } };
      boxes.set(schema, box);
      return query(box, { value });
    },
  };
}

function checkOf(document: JsonSchema, coerce: boolean): Check {
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    allErrors: true,
    coerceTypes: coerce ? "array" : false,
  });
  formats.default(ajv);
  ajv.addFormat("repo.nwo", /^[^/]+\/[^/]+$/).addFormat("timestamp", true);
  ajv.addSchema(document, documentId);
  const compiled = new Map<JsonSchema, ValidateFunction>();
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(toJsonSchema(schema) as JsonSchema);
    compiled.set(schema, validate);
    return validate(value) ? [] : sentences(validate.errors ?? []);
  };
}

/** The first few errors, which name the place, what is wrong with it and, for a field that is not described, the field. */
export function sentences(errors: readonly ErrorObject[]): string[] {
  return errors.slice(0, 8).map((error) => {
    const extra = error.params["additionalProperty"] as string | undefined;
    return `${error.instancePath || "it"} ${error.message}${extra === undefined ? "" : ` (${extra})`}`;
  });
}
