/** Judges webhooks by the published schemas of their payloads. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { JsonSchema } from "./json-schema.ts";
import { sentences } from "./validators.ts";

interface WebhookSchemas {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** What is wrong with a payload of an event (`check_run`), one sentence each. */
export type WebhookJudge = (event: string, payload: unknown) => readonly string[];

/** A judge that compiles the schema of an event and action the first time it is met; the schemas admit no extra field. */
export function webhookJudge(): WebhookJudge {
  const file = createRequire(import.meta.url).resolve("@octokit/webhooks-schemas/schema.json");
  const schemas = JSON.parse(readFileSync(file, "utf8")) as WebhookSchemas;
  const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true });
  formats.default(ajv);
  // Without the list of all events, which would be compiled whole for the first of them.
  ajv.addSchema({ definitions: withPackageEvent(schemas.definitions) }, "webhooks");
  const compiled = new Map<string, ValidateFunction>();
  return (event, payload) => {
    const action = (payload as { readonly action?: unknown } | null)?.action;
    const name = `${event}$${typeof action === "string" ? action : "event"}`;
    if (!(name in schemas.definitions)) return [`webhook ${name.replace("$", ".")} is not described`];
    const validate = compiled.get(name) ?? ajv.compile({ $ref: `webhooks#/definitions/${name}` });
    compiled.set(name, validate);
    if (validate(payload)) return [];
    return sentences(validate.errors ?? []).map((problem) => `webhook ${name.replace("$", ".")}: ${problem}`);
  };
}

/**
 * The schemas describe the `package` event and what it carries, but their list of the events that an App can have is older:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#package
 */
function withPackageEvent(definitions: WebhookSchemas["definitions"]): WebhookSchemas["definitions"] {
  const text = JSON.stringify(definitions).replaceAll(
    '"organization","org_block"',
    '"organization","org_block","package"',
  );
  return JSON.parse(text) as WebhookSchemas["definitions"];
}
