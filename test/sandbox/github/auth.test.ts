import { createSign, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGitHub, type SandboxGitHub } from "../../../src/sandbox/github.ts";
import { startWorld, type Reply, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const now = (): number => Math.floor(Date.now() / 1000);

function jwt(github: SandboxGitHub, claims: Record<string, unknown>, key = github.privateKey): string {
  const times = { iat: now() - 30, exp: now() + 300, iss: String(github.appId) };
  const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ ...times, ...claims })}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A token of the installation in acme/gitops, limited as the body says. */
async function ask(body: unknown): Promise<Reply> {
  const { body: found } = await world.jwt("GET", `${world.home}/installation`);
  return await world.jwt("POST", `/app/installations/${found.id}/access_tokens`, body);
}

describe("the App's own token", () => {
  const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const foreignKey = foreign.export({ type: "pkcs1", format: "pem" }).toString();

  test.each<[string, Record<string, unknown>, string?]>([
    ["signed with another key", {}, foreignKey],
    ["of another App", { iss: "1" }],
    ["that is over", { exp: now() - 1 }],
    ["that lives too long", { exp: now() + 3600 }],
    ["from the future", { iat: now() + 600 }],
    ["without an end", { exp: undefined }],
  ])("is refused when %s", async (_, claims, key) => {
    expect((await world.as(jwt(world.github, claims, key))("GET", "/app")).status).toBe(401);
  });

  test("is taken by id and by client id, and only where an App is asked for", async () => {
    const [app] = world.github.hub.store.apps;
    for (const iss of [String(app!.id), app!.clientId]) {
      const reply = await world.as(jwt(world.github, { iss }))("GET", "/app");
      expect(reply.body.slug).toBe("lockkeeper");
    }
    expect((await world.jwt("GET", world.home)).status).toBe(403);
    expect((await world.app("GET", "/app")).status).toBe(401);
  });
});

describe("a token of an installation", () => {
  test("has what was asked for and no more", async () => {
    const { body, status } = await ask({
      permissions: { contents: "read" },
      repository_ids: [world.repository.id],
    });
    expect(status).toBe(201);
    expect(body.permissions).toEqual({ contents: "read", metadata: "read" });
    expect(body.repositories.map((one: { name: string }) => one.name)).toEqual(["gitops"]);
    const ref = { ref: "refs/heads/x", sha: world.head };
    const refused = await world.as(body.token)("POST", `${world.home}/git/refs`, ref);
    expect(refused).toMatchObject({
      status: 403,
      body: { message: "Resource not accessible by integration" },
    });
    expect((await world.as(body.token)("GET", `${world.home}/git/ref/heads/main`)).status).toBe(200);
  });

  test.each([
    ["a permission that the App has not", { permissions: { administration: "write" } }],
    ["more of one than it has", { permissions: { members: "write" } }],
    ["a repository where it is not installed", { repository_ids: [1] }],
    ["a repository that is not there", { repositories: ["nothing"] }],
  ])("is not given for %s", async (_, body) => {
    expect((await ask(body)).status).toBe(422);
  });

  test("ends after an hour", async () => {
    let time = Date.now();
    const github = await startGitHub({
      app: { slug: "lockkeeper", name: "Lockkeeper", permissions: { contents: "read" }, events: [] },
      clock: { now: () => new Date(time) },
    });
    const repository = await github.addRepository("acme", "gitops");
    const [installation] = github.install([repository]);
    const call = (path: string, token: string, method = "GET"): Promise<Response> =>
      fetch(`${github.apiUrl}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    const path = `/app/installations/${installation!.id}/access_tokens`;
    const { token } = (await (await call(path, jwt(github, {}), "POST")).json()) as { token: string };
    expect((await call("/repos/acme/gitops", token)).status).toBe(200);
    time += 3_600_001;
    const late = await call("/repos/acme/gitops", token);
    expect([late.status, ((await late.json()) as { message: string }).message]).toEqual([
      401,
      "Bad credentials",
    ]);
    await github.stop();
  });
});

describe("who may not see a repository", () => {
  test("is told that there is none", async () => {
    const stranger = world.as(world.github.addUser("stranger"));
    expect((await stranger("GET", world.home)).status).toBe(404);
    expect((await world.nobody("GET", world.home)).status).toBe(404);
    expect((await world.as("ghp_wrong")("GET", world.home)).body.message).toBe("Bad credentials");
  });
});

describe("answers", () => {
  test("to a conditional request are 304, for nothing, and only with the same credential", async () => {
    const first = await world.grace("GET", world.home);
    const etag = { "if-none-match": first.headers.get("etag")! };
    const again = await world.grace("GET", world.home, undefined, etag);
    expect([again.status, again.body]).toEqual([304, ""]);
    expect(again.headers.get("x-ratelimit-used")).toBe(first.headers.get("x-ratelimit-used"));
    expect((await world.linus("GET", world.home, undefined, etag)).status).toBe(200);
  });

  test("count down the rate limit of each credential, and then refuse", async () => {
    const call = world.as(world.github.addUser("busy"));
    const remaining = async (): Promise<string | null> =>
      (await call("GET", "/users/ada")).headers.get("x-ratelimit-remaining");
    expect([await remaining(), await remaining()]).toEqual(["4999", "4998"]);
  });

  test("come in pages with links to the others", async () => {
    const page = await world.app("GET", `${world.home}/labels?per_page=4&page=2`);
    expect(page.body).toHaveLength(4);
    const links = [...(page.headers.get("link") ?? "").matchAll(/[?&]page=(\d+)[^>]*>; rel="(\w+)"/g)];
    expect(Object.fromEntries(links.map(([, number, rel]) => [rel, number]))).toEqual({
      prev: "1",
      next: "3",
      last: "3",
      first: "1",
    });
  });

  test("say what is wrong with a body that is no JSON object", async () => {
    const token = world.github.addUser("grace");
    const call = (body: string): Promise<Response> =>
      fetch(`${world.github.apiUrl}${world.home}/issues`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body,
      });
    const replies = await Promise.all([call("{"), call('"text"')]);
    expect(await Promise.all(replies.map((reply) => reply.json()))).toMatchObject([
      { message: "Problems parsing JSON", status: "400" },
      { message: "Body should be a JSON object", status: "400" },
    ]);
  });
});
