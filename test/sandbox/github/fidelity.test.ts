import { describe, expect, test } from "vitest";
import { routes } from "../../../src/sandbox/github/routes.ts";
import { findDescription } from "./fidelity/description.ts";
import type { Exchange } from "./fidelity/exchange.ts";
import { graphqlJudge } from "./fidelity/graphql.ts";
import { recordingsOf, scenarios, type Recording } from "./fidelity/recordings.ts";
import { restJudge } from "./fidelity/watch.ts";
import { webhookJudge } from "./fidelity/webhooks.ts";
import { startWorld } from "./world.ts";

const description = await findDescription();
const judge = await restJudge();
const missing = typeof judge === "function" ? null : judge.missing;
const problemsOf = (exchange: Partial<Exchange>): readonly string[] =>
  typeof judge === "function"
    ? judge({
        method: "GET",
        path: "/repos/acme/gitops/labels",
        requestBody: "",
        status: 200,
        contentType: "application/json; charset=utf-8",
        responseBody: "[]",
        ...exchange,
      })
    : [];

const label = {
  id: 1,
  node_id: "LA_1",
  url: "http://127.0.0.1/labels/bug",
  name: "bug",
  color: "ededed",
  default: false,
  description: null,
};

describe.skipIf(missing !== null)(`GitHub's API description${missing === null ? "" : `: ${missing}`}`, () => {
  test("has every route of the sandbox, written in the same way", () => {
    if ("missing" in description) throw new Error(description.missing);
    const paths = description.paths;
    const foreign = routes.filter(({ method, path }) => paths[path]?.[method.toLowerCase()] === undefined);
    expect(
      foreign.map(({ method, path }) => `${method} ${path}`).filter((one) => one !== "POST /graphql"),
    ).toEqual([]);
  });

  test.each<[string, Partial<Exchange>, string]>([
    ["an endpoint", { path: "/repos/acme/gitops/label" }, "GET /repos/acme/gitops/label is not described"],
    ["a method", { method: "PUT" }, "PUT /repos/acme/gitops/labels is not described"],
    ["a status", { status: 202 }, "this status is not described"],
    ["a query", { path: "/repos/acme/gitops/labels?filter=x" }, "query parameter filter is not described"],
    ["a number that is none", { path: "/repos/acme/gitops/labels?page=two" }, "query parameter page"],
    ["a field", { responseBody: JSON.stringify([{ ...label, colour: "red" }]) }, "(colour)"],
    ["a missing field", { responseBody: JSON.stringify([{ ...label, color: undefined }]) }, "'color'"],
    [
      "a wrong kind of value",
      { responseBody: JSON.stringify([{ ...label, id: "1" }]) },
      "/0/id must be integer",
    ],
    ["an answer without body", { responseBody: "" }, "there is no body"],
    ["a refusal that is no object", { status: 404, responseBody: '"no"' }, "must be object"],
    [
      "a request",
      { method: "POST", status: 201, requestBody: '{"color":"red"}', responseBody: JSON.stringify(label) },
      "request: it must have required property 'name'",
    ],
  ])("does not admit %s of one's own", (_, exchange, problem) => {
    expect(problemsOf(exchange).join("\n")).toContain(problem);
  });

  test("admits what is right, and a wrong request that is refused", () => {
    expect(problemsOf({ responseBody: JSON.stringify([label]) })).toEqual([]);
    const refused = {
      message: "Validation Failed",
      documentation_url: "https://docs.github.com/rest",
      status: "422",
    };
    expect(
      problemsOf({ method: "POST", status: 422, requestBody: "{}", responseBody: JSON.stringify(refused) }),
    ).toEqual([]);
  });

  /** Fields that are younger than the recordings, and endpoints that are older than the description or not of the API. */
  const young = /required property '(archived_at|has_discussions|digest|search_type|type)'/;
  const foreign =
    /legacy\.tar\.gz|git\/refs\/ |projects\/columns|markdown\/raw|releases\/\d+\/assets|releases\/\{release_id\}\/assets/;

  test("admits what github.com answered when it was recorded", () => {
    const exchanges = scenarios().flatMap(recordingsOf).map(asExchange);
    const problems = exchanges.flatMap((exchange) => problemsOf(exchange));
    expect(problems.filter((problem) => !young.test(problem) && !foreign.test(problem))).toEqual([]);
    expect(exchanges.length).toBeGreaterThan(60);
  });

  test("a sandbox that says something else is found out", async () => {
    const world = await startWorld();
    await world.app("GET", `${world.home}/labels?colour=red`);
    await world.app("GET", `${world.home}/stargazing`);
    expect(world.watch.problems()).toEqual([
      "GET /repos/{owner}/{repo}/labels 200: query parameter colour is not described",
      "GET /repos/acme/gitops/stargazing is not described",
    ]);
    await expect(world.stop()).rejects.toThrow("to deeply equal");
  });
});

function asExchange(recording: Recording): Exchange {
  return {
    method: recording.method.toUpperCase(),
    path: recording.path,
    requestBody: textOf(recording.body),
    status: recording.status,
    contentType: String(recording.headers["content-type"] ?? ""),
    responseBody: recording.responseIsBinary ? "" : textOf(recording.response),
  };
}

function textOf(value: unknown): string {
  return value === "" ? "" : JSON.stringify(value);
}

describe("the published schemas of webhooks", () => {
  const judgeWebhook = webhookJudge();

  test("admit no event, action or field of one's own", () => {
    expect(judgeWebhook("deploy", {})).toEqual(["webhook deploy.event is not described"]);
    expect(judgeWebhook("issues", { action: "opened!" })).toEqual([
      "webhook issues.opened! is not described",
    ]);
    expect(judgeWebhook("issues", { action: "opened", mood: "good" }).join()).toContain("(mood)");
  });
});

describe("the public GraphQL schema", () => {
  const judgeGraphql = graphqlJudge();
  const about = (query: string, data: unknown): readonly string[] =>
    judgeGraphql({
      method: "POST",
      path: "/graphql",
      requestBody: JSON.stringify({ query }),
      status: 200,
      contentType: "application/json",
      responseBody: JSON.stringify({ data }),
    });

  test.each<[string, string, unknown]>([
    ["an unknown field", "{ viewer { mood } }", { viewer: { mood: "good" } }],
    [
      "a wrong kind of value",
      '{ node(id: "x") { ... on PullRequest { number } } }',
      { node: { number: "3" } },
    ],
    ["a missing value", "{ viewer { login } }", { viewer: {} }],
    ["more than was asked", "{ viewer { login } }", { viewer: { login: "ada", name: "Ada" } }],
  ])("does not admit %s", (_, query, data) => expect(about(query, data)).not.toEqual([]));

  test("admits what is right", () => {
    expect(about("{ viewer { login } }", { viewer: { login: "ada" } })).toEqual([]);
  });
});
