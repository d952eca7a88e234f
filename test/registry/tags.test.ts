import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Registry } from "../../src/ports/registry.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { type SandboxRegistry, startRegistry } from "../../src/sandbox/registry.ts";
import {
  answerWith,
  changeHeaders,
  limitPages,
  refuseWith,
  rewriteLink,
  staySilent,
  truncateBody,
} from "../../src/sandbox/registry/faults.ts";
import { failureOf, imageAt, known, valueOf } from "./references.ts";

let now = Date.parse("2026-11-22T00:00:00Z");
let sandbox: SandboxRegistry;
let registry: Registry;

beforeEach(async () => {
  sandbox = await startRegistry({ clock: { now: () => new Date(now) } });
  registry = createRegistry({ insecureHosts: [sandbox.host] });
});
afterEach(() => sandbox.stop());

async function pushTags(repository: string, count: number): Promise<string[]> {
  const digest = await sandbox.push(repository, "1.0.0");
  const tags = Array.from({ length: count - 1 }, (_, index) => `2.0.${index}`);
  for (const tag of tags) sandbox.moveTag(repository, tag, digest);
  return ["1.0.0", ...tags].sort();
}

function listings(): string[] {
  return sandbox.requests.filter(({ path }) => path.includes("/tags/list")).map(({ path }) => path);
}

const lists = /tags\/list/;
const json = { "content-type": "application/json" };

describe("listing tags", () => {
  test("costs one greeting per registry, and a token and a page per repository", async () => {
    for (const name of ["acme/a", "acme/b", "acme/c"]) await sandbox.push(name, "1.0.0");
    const names = ["acme/a", "acme/b", "acme/c", "acme/a", "acme/a"];
    const answers = await Promise.all(names.map((name) => registry.tags(imageAt(sandbox.host, name))));
    for (const answer of answers) expect(valueOf(answer)).toEqual({ tags: ["1.0.0"], dropped: 0 });
    const counts = Object.groupBy(sandbox.requests, ({ path }) => path.split("?")[0] ?? "");
    expect(Object.entries(counts).map(([path, all]) => [path, all?.length])).toEqual(
      expect.arrayContaining([
        ["/v2/", 1],
        ["/token", 3],
        ["/v2/acme/a/tags/list", 1],
        ["/v2/acme/b/tags/list", 1],
        ["/v2/acme/c/tags/list", 1],
      ]),
    );
    expect(registry.requests).toBe(7);
    expect(sandbox.requests.every(({ path, status }) => status === 200 || path === "/v2/")).toBe(true);
  });

  test("asks again later, with the token that it has", async () => {
    const image = imageAt(sandbox.host, "acme/web");
    await sandbox.push("acme/web", "1.0.0");
    await registry.tags(image);
    await sandbox.push("acme/web", "1.1.0");
    expect(valueOf(await registry.tags(image)).tags).toEqual(["1.0.0", "1.1.0"]);
    expect(registry.requests).toBe(4);
  });

  test("gets a new token once the registry no longer takes the old one", async () => {
    const image = imageAt(sandbox.host, "acme/web");
    await sandbox.push("acme/web", "1.0.0");
    await registry.tags(image);
    now += 400_000;
    expect(valueOf(await registry.tags(image)).tags).toEqual(["1.0.0"]);
    expect(sandbox.requests.slice(-3).map(({ status }) => status)).toEqual([401, 200, 200]);
  });

  test.each([
    ["relative", (target: string) => target],
    ["absolute", (target: string) => sandbox.url + target],
  ])("joins its pages by %s links", async (_kind, rewrite) => {
    const tags = await pushTags("acme/many", 2500);
    sandbox.inject(rewriteLink(rewrite));
    const list = valueOf(await registry.tags(imageAt(sandbox.host, "acme/many")));
    expect([...list.tags].sort()).toEqual(tags);
    expect(listings()).toHaveLength(3);
  });

  test("goes on behind a full page without a link, as proxies that drop headers leave it", async () => {
    const tags = await pushTags("acme/many", 1500);
    sandbox.inject(changeHeaders({ link: undefined }));
    expect(valueOf(await registry.tags(imageAt(sandbox.host, "acme/many"))).tags).toHaveLength(tags.length);
    expect(listings()).toHaveLength(2);
  });

  test("falls back to small pages where large ones are refused", async () => {
    const tags = await pushTags("acme/many", 250);
    sandbox.inject(limitPages(100));
    expect(valueOf(await registry.tags(imageAt(sandbox.host, "acme/many"))).tags).toHaveLength(tags.length);
    expect(listings()).toHaveLength(4);
  });

  test("falls back to small pages where a large one takes the registry too long", async () => {
    const tags = await pushTags("acme/many", 150);
    sandbox.inject(refuseWith(504), { path: lists, times: 1 });
    expect(valueOf(await registry.tags(imageAt(sandbox.host, "acme/many"))).tags).toHaveLength(tags.length);
  });

  test("drops and counts what is no tag", async () => {
    await sandbox.push("acme/web", "1.0.0");
    const hostile = [
      "1.1.0",
      "a\nb",
      "`x`",
      "](javascript:x)",
      "\u202e1.0",
      "",
      "x".repeat(200),
      7,
      null,
      { a: 1 },
    ];
    sandbox.inject(answerWith(200, json, JSON.stringify({ name: "acme/web", tags: hostile })), {
      path: lists,
    });
    const list = valueOf(await registry.tags(imageAt(sandbox.host, "acme/web")));
    expect(list).toEqual({ tags: ["1.1.0"], dropped: hostile.length - 1 });
  });

  test.each(["gzip", "x-gzip", "GZIP"])("reads an answer that is compressed by %s", async (encoding) => {
    const body = gzipSync('{"tags":["1.0.0"]}');
    sandbox.inject(answerWith(200, { ...json, "content-encoding": encoding }, body), { path: lists });
    expect(valueOf(await registry.tags(imageAt(sandbox.host, "acme/web"))).tags).toEqual(["1.0.0"]);
  });

  test("takes null for an empty list, as some registries write it", async () => {
    sandbox.inject(answerWith(200, json, '{"name":"acme/web","tags":null}'), { path: lists });
    expect(valueOf(await registry.tags(imageAt(sandbox.host, "acme/web"))).tags).toEqual([]);
  });
});

describe("a listing that is not whole is none:", () => {
  test.each([401, 403, 404, 418, 429, 500])("a first page with status %i", async (status) => {
    await sandbox.push("acme/web", "1.0.0");
    sandbox.inject(refuseWith(status), { path: lists });
    const codes: Record<number, string> = {
      401: "unauthorized",
      403: "forbidden",
      404: "not-found",
      418: "rejected",
      429: "rate-limited",
      500: "unavailable",
    };
    const failure = failureOf(await registry.tags(imageAt(sandbox.host, "acme/web")));
    expect(failure.code).toBe(codes[status]);
    expect(failure.message).toContain(`(${status})`);
  });

  test.each([
    ["a status", refuseWith(503), "incomplete"],
    ["half a page", truncateBody, "incomplete"],
    ["a limit", refuseWith(429, "7"), "rate-limited"],
  ] as const)("a later page with %s", async (_what, fault, code) => {
    await pushTags("acme/many", 1500);
    sandbox.inject(fault, { path: /last=/ });
    expect(failureOf(await registry.tags(imageAt(sandbox.host, "acme/many"))).code).toBe(code);
  });

  test.each([
    ["half a page", truncateBody],
    ["a login page", answerWith(200, { "content-type": "text/html" }, "<html>Sign in</html>")],
    ["another object", answerWith(200, json, '{"tags":"1.0.0"}')],
    ["a list without its object", answerWith(200, json, '["1.0.0"]')],
  ])("%s", async (_what, fault) => {
    await sandbox.push("acme/web", "1.0.0");
    sandbox.inject(fault, { path: lists });
    expect(failureOf(await registry.tags(imageAt(sandbox.host, "acme/web"))).code).toBe("malformed");
  });

  test("pages that lead in a circle", async () => {
    await pushTags("acme/many", 1500);
    sandbox.inject(rewriteLink(() => "/v2/acme/many/tags/list?n=1000"));
    expect(failureOf(await registry.tags(imageAt(sandbox.host, "acme/many"))).code).toBe("incomplete");
    expect(listings()).toHaveLength(1);
  });

  test("more than 8 MiB", async () => {
    const body = JSON.stringify({
      tags: Array.from({ length: 100_000 }, (_, index) => `${"x".repeat(100)}${index}`),
    });
    expect(body.length).toBeGreaterThan(10 * 1024 * 1024);
    sandbox.inject(answerWith(200, json, body), { path: lists });
    expect(failureOf(await registry.tags(imageAt(sandbox.host, "acme/web"))).code).toBe("too-large");
  });

  test("a small answer that unpacks to a large one", async () => {
    const bomb = gzipSync(`{"tags":["${"0".repeat(64 * 1024 * 1024)}"]}`);
    expect(bomb.length).toBeLessThan(1024 * 1024);
    sandbox.inject(answerWith(200, { ...json, "content-encoding": "gzip" }, bomb), { path: lists });
    expect(failureOf(await registry.tags(imageAt(sandbox.host, "acme/web"))).code).toBe("too-large");
  });

  test.each([
    ["cut off", gzipSync('{"tags":["1.0.0"]}').subarray(0, 20), "gzip"],
    ["of a kind that nobody asked for", gzipSync('{"tags":["1.0.0"]}'), "br"],
    ["not what it says", Buffer.from('{"tags":["1.0.0"]}'), "gzip"],
  ])("a compressed answer that is %s", async (_what, body, encoding) => {
    sandbox.inject(answerWith(200, { ...json, "content-encoding": encoding }, body), { path: lists });
    expect(failureOf(await registry.tags(imageAt(sandbox.host, "acme/web"))).code).toBe("malformed");
  });

  test("silence", async () => {
    sandbox.inject(staySilent, { path: lists });
    const impatient = createRegistry({ insecureHosts: [sandbox.host], deadlineMs: 200 });
    const failure = failureOf(await impatient.tags(imageAt(sandbox.host, "acme/web")));
    expect(failure.code).toBe("timeout");
  });

  test.each(["/v2/", "/token", "/v2/acme/web/tags/list"])(
    "an answer of %s that drips and never ends",
    async (path) => {
      const dripping = createServer(({ headers, url }, response) => {
        const asked = url?.split("?")[0];
        const realm = `Bearer realm="http://${headers.host}/token"`;
        if (asked !== path && asked === "/token") {
          response.end('{"token":"a-token"}');
          return;
        }
        if (asked !== path) {
          response.writeHead(401, { "www-authenticate": realm }).end();
          return;
        }
        response.write('{"tags":["');
        const drip = setInterval(() => response.write("x"), 20);
        response.once("close", () => clearInterval(drip));
      });
      await new Promise<void>((done) => dripping.listen(0, "127.0.0.1", done));
      const host = `127.0.0.1:${(dripping.address() as AddressInfo).port}`;
      const impatient = createRegistry({ insecureHosts: [host], deadlineMs: 300 });
      expect(failureOf(await impatient.tags(imageAt(host, "acme/web"))).code).toBe("timeout");
      dripping.closeAllConnections();
      dripping.close();
    },
  );

  test("nobody there", async () => {
    await sandbox.stop();
    expect(failureOf(await registry.tags(imageAt(sandbox.host, "acme/web"))).code).toBe("unavailable");
  });
});

describe("a link to another place", () => {
  let other: SandboxRegistry;
  beforeEach(async () => {
    other = await startRegistry();
    registry = createRegistry({ insecureHosts: [sandbox.host, other.host, `localhost:${port()}`] });
    await pushTags("acme/many", 1500);
  });
  afterEach(() => other.stop());

  const port = (): string => new URL(other.url).port;
  test.each([
    ["another port", () => `${other.url}/v2/acme/many/tags/list`],
    ["another port without a scheme", () => `//${other.host}/v2/acme/many/tags/list`],
    ["another host", () => `http://localhost:${port()}/v2/acme/many/tags/list`],
    ["another scheme", () => `https://${sandbox.host}/v2/acme/many/tags/list`],
    ["a user in the address", () => `http://a@${other.host}/v2/acme/many/tags/list`],
    ["a user at the same host", () => `http://a:b@${sandbox.host}/v2/acme/many/tags/list?n=1`],
    ["no address", () => "http://[::"],
    ["an endless address", () => `/v2/acme/many/tags/list?n=1000&last=${"x".repeat(3000)}`],
  ])("(%s) is not followed, and gets no credentials", async (_what, target) => {
    sandbox.inject(rewriteLink(target));
    expect(failureOf(await registry.tags(imageAt(sandbox.host, "acme/many"))).code).toBe("incomplete");
    expect(other.requests).toEqual([]);
    expect(listings()).toHaveLength(1);
  });
});

describe("a registry that says 429", () => {
  test("gets no request until it wants one", async () => {
    await sandbox.push("acme/web", "1.0.0");
    sandbox.inject(refuseWith(429, "30"), { path: lists, times: 1 });
    const first = failureOf(await registry.tags(imageAt(sandbox.host, "acme/web")));
    expect(first).toMatchObject({ code: "rate-limited", retryAfterSeconds: 30 });
    const sent = registry.requests;
    const second = failureOf(await registry.tags(imageAt(sandbox.host, "acme/other")));
    expect(second.code).toBe("rate-limited");
    expect(second.retryAfterSeconds).toBeGreaterThan(0);
    expect(registry.requests).toBe(sent);
  });

  test("is believed when it says 503 and for how long", async () => {
    sandbox.inject(refuseWith(503, "45"), { path: lists, times: 1 });
    const first = failureOf(await registry.tags(imageAt(sandbox.host, "acme/web")));
    expect(first).toMatchObject({ code: "unavailable", retryAfterSeconds: 45 });
    const sent = registry.requests;
    const second = failureOf(await registry.tags(imageAt(sandbox.host, "acme/other")));
    expect(second).toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/wants no requests/),
    });
    expect(registry.requests).toBe(sent);
  });

  test("at its token service is the same", async () => {
    sandbox.inject(refuseWith(429, "30"), { path: /^\/token/ });
    const failure = failureOf(await registry.tags(imageAt(sandbox.host, "acme/web")));
    expect(failure).toMatchObject({ code: "rate-limited", retryAfterSeconds: 30 });
  });
});

describe("a registry for those with credentials", () => {
  const credentials = { username: "robot", password: "correct horse" };
  let closed: SandboxRegistry;
  beforeEach(async () => {
    closed = await startRegistry({ auth: "required", credentials });
    await closed.push("acme/web", "1.0.0");
  });
  afterEach(() => closed.stop());

  test("lets us in with them", async () => {
    const asked: string[] = [];
    const ours = createRegistry({
      insecureHosts: [closed.host],
      credentials: known((host) => {
        asked.push(host);
        return credentials;
      }),
    });
    expect(valueOf(await ours.tags(imageAt(closed.host, "acme/web"))).tags).toEqual(["1.0.0"]);
    expect(new Set(asked)).toEqual(new Set([closed.host]));
  });

  test("does not let us in without, and is asked no more often than needed", async () => {
    const ours = createRegistry({ insecureHosts: [closed.host] });
    expect(failureOf(await ours.tags(imageAt(closed.host, "acme/web"))).code).toBe("unauthorized");
    expect(closed.requests.map(({ path }) => path.split("?")[0])).toEqual([
      "/v2/",
      "/token",
      "/v2/acme/web/tags/list",
    ]);
  });

  test("does not let us in with wrong ones, and the failure does not tell them", async () => {
    const wrong = { username: "robot", password: "wrong horse" };
    const ours = createRegistry({ insecureHosts: [closed.host], credentials: known(() => wrong) });
    const failure = failureOf(await ours.tags(imageAt(closed.host, "acme/web")));
    expect(failure.code).toBe("unauthorized");
    expect(JSON.stringify(failure)).not.toMatch(/horse|robot|Basic/);
  });
});
