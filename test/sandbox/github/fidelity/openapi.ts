/** Judges REST exchanges by GitHub's published OpenAPI description. */
import type { Description } from "./description.ts";
import { asDescribed, isKnown, rawMediaTypes } from "./deviations.ts";
import { parsed, type Exchange } from "./exchange.ts";
import { operationFinder, parametersOf, resolve, type FoundOperation } from "./operations.ts";
import { validatorsOf, type Validators } from "./validators.ts";

/** What is wrong with an exchange, one sentence each; empty when it could have been GitHub's. */
export type Judge = (exchange: Exchange) => readonly string[];

interface Case {
  readonly exchange: Exchange;
  readonly found: FoundOperation;
  readonly description: Description;
  readonly validators: Validators;
}

export function openapiJudge(description: Description): Judge {
  const find = operationFinder(description);
  const validators = validatorsOf(description);
  return (exchange) => {
    const path = exchange.path.split("?", 1)[0] ?? "";
    const found = find(exchange.method, path);
    if (found === null) return [`${exchange.method} ${path} is not described`];
    const one = { exchange, found, description, validators };
    // A request that breaks the description must be refused; that it was sent is then no fault of the sandbox.
    const problems =
      exchange.status < 400
        ? [...answerProblems(one), ...queryProblems(one), ...requestProblems(one)]
        : answerProblems(one);
    return problems.map((problem) => `${exchange.method} ${found.template} ${exchange.status}: ${problem}`);
  };
}

/** The two forms that a refusal can have. */
const refusal = {
  anyOf: [{ $ref: "#/components/schemas/basic-error" }, { $ref: "#/components/schemas/validation-error" }],
};

function answerProblems({ exchange, found, description, validators }: Case): string[] {
  const status = String(exchange.status);
  const described = found.operation.responses[status];
  if (described === undefined && !isKnown(exchange.method, found.template, status)) {
    return ["this status is not described"];
  }
  if (rawMediaTypes.some((type) => type.test(exchange.contentType))) return [];
  const body = asDescribed(exchange.status, parsed(exchange.responseBody));
  const content = described === undefined ? undefined : resolve(described, description).content;
  if (content === undefined) {
    if (body === undefined) return [];
    // A refusal or redirect says why, whether or not the description tells its form.
    if (exchange.status >= 300) return validators.body(refusal, body);
    return ["there is a body, but none is described"];
  }
  const type = exchange.contentType.split(";", 1)[0] ?? "";
  const chosen = content[type] ?? content["application/json"] ?? Object.values(content)[0];
  if (chosen === undefined) return [];
  return body === undefined
    ? ["there is no body, but one is described"]
    : validators.body(chosen.schema, body);
}

function queryProblems({ exchange, found, description, validators }: Case): string[] {
  const described = parametersOf(found.operation, description).filter((item) => item.in === "query");
  return [...new URLSearchParams(exchange.path.split("?")[1] ?? "")].flatMap(([name, value]) => {
    const parameter = described.find((item) => item.name === name);
    if (parameter === undefined) return [`query parameter ${name} is not described`];
    return validators
      .query(parameter.schema ?? {}, value)
      .map((problem) => `query parameter ${name}: ${problem}`);
  });
}

function requestProblems({ exchange, found, validators }: Case): string[] {
  const described = found.operation.requestBody;
  const body = parsed(exchange.requestBody);
  if (body === undefined) return described?.required === true ? ["the request has no body"] : [];
  const schema = described?.content?.["application/json"]?.schema;
  if (schema !== undefined) return validators.body(schema, body).map((problem) => `request: ${problem}`);
  return described === undefined ? [] : ["the request's body is JSON, which is not described"];
}
