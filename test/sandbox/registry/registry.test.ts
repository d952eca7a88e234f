import { afterEach, describe, expect, test } from "vitest";
import { type RegistryOptions, type SandboxRegistry, startRegistry } from "../../../src/sandbox/registry.ts";
import { refuseWith } from "../../../src/sandbox/registry/faults.ts";
import { RegistryClient, indexType } from "../../contracts/registry-client.ts";

const credentials = { username: "robot", password: "secret" };
let registry: SandboxRegistry;
let now = Date.parse("2026-11-22T00:00:00Z");

async function start(options: RegistryOptions = {}): Promise<RegistryClient> {
  registry = await startRegistry({ clock: { now: () => new Date(now) }, ...options });
  return new RegistryClient(registry.url);
}
afterEach(() => registry.stop());

async function token(scope: string, authorization?: string): Promise<Response> {
  const query = new URLSearchParams({ service: registry.host, scope });
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  return fetch(`${registry.url}/token?${query.toString()}`, { headers });
}

async function bearer(scope: string): Promise<Record<string, string>> {
  const { token: value } = (await (await token(scope)).json()) as { token: string };
  return { authorization: `Bearer ${value}` };
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

describe("the token service", () => {
  test("is named in the answer to a request without a token, with the scope that it takes", async () => {
    await start();
    const answer = await fetch(`${registry.url}/v2/acme/web/tags/list`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe(
      `Bearer realm="${registry.url}/token",service="${registry.host}",scope="repository:acme/web:pull"`,
    );
    expect(await answer.json()).toMatchObject({ errors: [{ code: "UNAUTHORIZED" }] });
  });

  test("gives a token that is good for its repository and action only", async () => {
    await start();
    await registry.push("acme/web", "1.0.0");
    await registry.push("acme/other", "1.0.0");
    const headers = await bearer("repository:acme/web:pull");
    expect((await fetch(`${registry.url}/v2/acme/web/tags/list`, { headers })).status).toBe(200);
    const other = await fetch(`${registry.url}/v2/acme/other/tags/list`, { headers });
    expect([other.status, other.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining('error="insufficient_scope"'),
    ]);
    const push = await fetch(`${registry.url}/v2/acme/web/blobs/uploads/`, { method: "POST", headers });
    expect(push.status).toBe(401);
  });

  test("gives a token that ends", async () => {
    await start();
    await registry.push("acme/web", "1.0.0");
    const headers = await bearer("repository:acme/web:pull");
    now += 301_000;
    expect((await fetch(`${registry.url}/v2/acme/web/tags/list`, { headers })).status).toBe(401);
  });

  test.each([
    ["nobody", undefined, 401],
    ["wrong credentials", basic("robot:wrong"), 401],
    ["the credentials", basic("robot:secret"), 200],
  ])("of a closed registry lets in %s: %s", async (_who, authorization, status) => {
    await start({ auth: "required", credentials });
    await registry.push("acme/web", "1.0.0");
    const answer = await token("repository:acme/web:pull", authorization);
    const { token: value } = (await answer.json()) as { token?: string };
    const headers = { authorization: `Bearer ${value}` };
    expect((await fetch(`${registry.url}/v2/acme/web/tags/list`, { headers })).status).toBe(status);
  });

  test("of a registry with credentials lets everyone pull and only the credentials push", async () => {
    const anonymous = await start({ credentials });
    await registry.push("acme/web", "1.0.0");
    expect((await anonymous.request("GET", "/v2/acme/web/tags/list")).status).toBe(200);
    expect((await anonymous.request("POST", "/v2/acme/web/blobs/uploads/")).status).toBe(401);
    const known = new RegistryClient(registry.url, credentials);
    expect((await known.request("POST", "/v2/acme/web/blobs/uploads/")).status).toBe(202);
  });

  test("serves its own registry only", async () => {
    await start();
    expect((await fetch(`${registry.url}/token?service=another`)).status).toBe(403);
    expect((await fetch(`${registry.url}/token`, { method: "PUT" })).status).toBe(405);
  });
});

describe("the tag list", () => {
  test("comes in pages in lexical order, whatever the case", async () => {
    const client = await start();
    const digest = await registry.push("acme/web", "b");
    for (const tag of ["C", "a", "10", "9"]) registry.moveTag("acme/web", tag, digest);
    const first = await client.request("GET", "/v2/acme/web/tags/list?n=2");
    expect(await first.json()).toEqual({ name: "acme/web", tags: ["10", "9"] });
    expect(first.headers.get("link")).toBe('</v2/acme/web/tags/list?n=2&last=9>; rel="next"');
    const second = await client.request("GET", "/v2/acme/web/tags/list?n=3&last=9");
    expect(await second.json()).toEqual({ name: "acme/web", tags: ["a", "b", "C"] });
    expect(second.headers.get("link")).toBeNull();
    const none = await client.request("GET", "/v2/acme/web/tags/list?n=0");
    expect(await none.json()).toEqual({ name: "acme/web", tags: [] });
    const wrong = await client.request("GET", "/v2/acme/web/tags/list?n=-1");
    expect(await wrong.json()).toMatchObject({ errors: [{ code: "PAGINATION_NUMBER_INVALID" }] });
  });
});

describe("an image", () => {
  test("says when it was made, by what platform, with which labels", async () => {
    const client = await start();
    const created = new Date("2020-01-02T03:04:05Z");
    await registry.push("acme/web", "1.0.0", { created, platforms: ["linux/arm/v7"], labels: { a: "b" } });
    const read = async <T>(path: string): Promise<T> =>
      (await (await client.request("GET", `/v2/acme/web/${path}`)).json()) as T;
    const index = await read<{ manifests: { digest: string }[] }>("manifests/1.0.0");
    const manifest = await read<{ config: { digest: string } }>(`manifests/${index.manifests[0]?.digest}`);
    const config = await read(`blobs/${manifest.config.digest}`);
    expect(config).toMatchObject({
      created: created.toISOString(),
      os: "linux",
      architecture: "arm",
      variant: "v7",
      config: { Labels: { a: "b" } },
    });
  });

  test("of another tag has another digest, and the same one the same", async () => {
    await start();
    const first = await registry.push("acme/web", "1.0.0");
    expect(await registry.push("acme/web", "1.1.0")).not.toBe(first);
    expect(await registry.push("acme/web", "1.0.0")).toBe(first);
  });
});

describe("for tests", () => {
  test("pushes are told, from here and over HTTP, until told no more", async () => {
    const client = await start();
    const heard: string[] = [];
    const stop = registry.onPush(({ repository, tag, digest }) =>
      heard.push(`${repository}:${tag}@${digest}`),
    );
    const first = await registry.push("acme/web", "1.0.0");
    const second = await client.pushImage("acme/web", "1.1.0", ["linux/amd64"]);
    stop();
    await registry.push("acme/web", "1.2.0");
    expect(heard).toEqual([`acme/web:1.0.0@${first}`, `acme/web:1.1.0@${second}`]);
  });

  test("requests are logged, with whether they were let in", async () => {
    const client = await start();
    await registry.push("acme/web", "1.0.0");
    await client.request("HEAD", "/v2/acme/web/manifests/1.0.0", { headers: { accept: indexType } });
    expect(registry.requests.map(({ authorised, method, status }) => [method, status, authorised])).toEqual([
      ["HEAD", 401, false],
      ["GET", 200, false],
      ["HEAD", 200, true],
    ]);
  });

  test("tags move and go", async () => {
    const client = await start();
    const first = await registry.push("acme/web", "1.0.0");
    await registry.push("acme/web", "1.1.0");
    registry.moveTag("acme/web", "1.1.0", first);
    const moved = await client.request("GET", "/v2/acme/web/manifests/1.1.0");
    expect(moved.headers.get("docker-content-digest")).toBe(first);
    registry.deleteTag("acme/web", "1.1.0");
    expect((await client.request("GET", "/v2/acme/web/manifests/1.1.0")).status).toBe(404);
    expect(() => registry.moveTag("acme/web", "2.0.0", `sha256:${"0".repeat(64)}`)).toThrow("holds no");
  });

  test("faults strike where they are meant to, as often as they are meant to", async () => {
    const client = await start();
    await registry.push("acme/web", "1.0.0");
    const end = registry.inject(refuseWith(503), { method: "GET", path: /tags/ });
    registry.inject(refuseWith(429, "1"), { path: /manifests/, times: 1 });
    const statusOf = async (path: string) => (await client.request("GET", path)).status;
    expect(await statusOf("/v2/acme/web/tags/list")).toBe(503);
    end();
    expect(await statusOf("/v2/acme/web/tags/list")).toBe(200);
    expect(await statusOf("/v2/acme/web/manifests/1.0.0")).toBe(429);
    expect(await statusOf("/v2/acme/web/manifests/1.0.0")).toBe(200);
  });

  test.each([
    "/",
    "/v2/acme",
    "/v2/ACME/web/tags/list",
    "//",
    "/v2/a/../../etc/tags/list",
    "/v2/%zz/tags/list",
  ])("%s is answered with an error of the protocol", async (path) => {
    await start();
    const answer = await fetch(registry.url + path);
    expect(Math.floor(answer.status / 100)).toBe(4);
    expect(await answer.json()).toMatchObject({ errors: [{ code: expect.any(String) }] });
  });
});
