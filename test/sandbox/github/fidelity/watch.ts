/** Holds everything that a sandbox says against GitHub's published descriptions. */
import type { SandboxGitHub } from "../../../../src/sandbox/github.ts";
import { findDescription } from "./description.ts";
import { graphqlJudge } from "./graphql.ts";
import { openapiJudge, type Judge } from "./openapi.ts";
import { webhookJudge } from "./webhooks.ts";

export interface Watch {
  /** Every call so far, `POST /repos/{owner}/…` told by what was sent: method and path. */
  readonly seen: readonly string[];
  /** What was wrong so far, each problem once; empty when all of it could have been GitHub's. */
  problems(): readonly string[];
}

/** The judge of REST answers, or why there is none here; made once, since compiling the description takes a while. */
let rest: Promise<Judge | { readonly missing: string }> | null = null;

export function restJudge(): Promise<Judge | { readonly missing: string }> {
  rest ??= findDescription().then((found) => {
    if (!("missing" in found)) return openapiJudge(found);
    console.warn(`REST answers are not judged: ${found.missing}`);
    return found;
  });
  return rest;
}

/** Watches from now on. Webhooks and GraphQL are judged everywhere, REST wherever the description can be had. */
export async function watch(github: SandboxGitHub): Promise<Watch> {
  const found = await restJudge();
  const judgeRest: Judge = typeof found === "function" ? found : () => [];
  const judgeGraphql = graphqlJudge();
  const judgeWebhook = webhookJudge();
  const problems = new Set<string>();
  const seen: string[] = [];
  github.hub.observers.push((exchange) => {
    // What a fault did to an answer is not GitHub's wording.
    if (exchange.transport !== undefined) return;
    seen.push(`${exchange.method} ${exchange.path}`);
    const contentType = exchange.headers["content-type"] ?? "";
    const text = contentType.includes("json") ? exchange.body.toString("utf8") : "";
    const one = { ...exchange, contentType, responseBody: text };
    const judge = exchange.path === "/graphql" ? judgeGraphql : judgeRest;
    for (const problem of judge(one)) problems.add(problem);
  });
  return {
    seen,
    problems() {
      for (const { event, payload } of github.hub.store.deliveries) {
        for (const problem of judgeWebhook(event, JSON.parse(payload))) problems.add(problem);
      }
      return [...problems];
    },
  };
}
