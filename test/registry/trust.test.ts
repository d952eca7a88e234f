import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { hasPrivateLiteral } from "../../src/registry/private-address.ts";
import { startRegistry } from "../../src/sandbox/registry.ts";
import { answerWith } from "../../src/sandbox/registry/faults.ts";
import { failureOf, imageAt, known, valueOf } from "./references.ts";
import { Wire, type WireAnswer, type WireRequest } from "./wire.ts";

const secret = "s3cret-of-the-registry";
const credentials = { username: "robot", password: secret };
const basic = `Basic ${Buffer.from(`robot:${secret}`).toString("base64")}`;
const list: WireAnswer = { status: 200, body: '{"tags":["1.0.0"]}' };

let wire: Wire;
afterEach(() => wire.stop());

function challenge(realm: string): WireAnswer {
  return { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}",service="it"` } };
}

/** Challenges with a realm, hands out a token there, and takes it. */
async function tokenService(realm: string): Promise<Wire> {
  wire = await Wire.start(({ authorization, url }) => {
    if (realm.startsWith(url.origin + url.pathname)) return { status: 200, body: '{"token":"the-token"}' };
    return authorization === "Bearer the-token" ? list : challenge(realm);
  });
  return wire;
}

const bearers = (requests: readonly WireRequest[]): WireRequest[] =>
  requests.filter(({ authorization }) => authorization !== undefined);

describe("Docker Hub", () => {
  test("is asked at its API host, with the credentials for docker.io", async () => {
    await tokenService("https://auth.docker.io/token");
    const asked: string[] = [];
    const registry = createRegistry({
      insecureHosts: [],
      request: wire.request,
      credentials: known((host) => {
        asked.push(host);
        return credentials;
      }),
    });
    valueOf(await registry.tags(imageAt("docker.io", "nginx")));
    expect(wire.places).toEqual([
      "https://registry-1.docker.io/v2/",
      "https://auth.docker.io/token",
      "https://registry-1.docker.io/v2/library/nginx/tags/list",
    ]);
    expect(wire.requests.map(({ authorization }) => authorization)).toEqual([
      undefined,
      basic,
      "Bearer the-token",
    ]);
    expect(new Set(asked)).toEqual(new Set(["docker.io"]));
  });
});

describe("a token service", () => {
  test.each([
    ["without encryption", "http://auth.example.com/token"],
    ["at the metadata address", "https://169.254.169.254/latest/meta-data"],
    ["at loopback", "https://127.0.0.1:6443/api"],
    ["at loopback in disguise", "https://2130706433/token"],
    ["at loopback by IPv6", "https://[::1]/token"],
    ["at loopback mapped into IPv6", "https://[::ffff:127.0.0.1]/token"],
    ["in a private network", "https://10.0.0.1/token"],
    ["with a user in its address", "https://robot@registry.example.com/token"],
    ["of another scheme", "file:///etc/passwd"],
    ["that is no address", "not an address"],
  ])("%s is not asked", async (_what, realm) => {
    await tokenService(realm);
    const registry = createRegistry({ insecureHosts: [], request: wire.request });
    const failure = failureOf(await registry.tags(imageAt("registry.example.com", "acme/web")));
    expect(["rejected", "malformed"]).toContain(failure.code);
    expect(wire.places).toEqual(["https://registry.example.com/v2/"]);
  });

  test.each([
    ["another domain", "https://auth.evil.example/token"],
    ["a domain that only ends alike", "https://evil-example.com/token"],
    ["a neighbour by address", "https://8.8.8.8/token"],
  ])("of %s gets no credentials", async (_what, realm) => {
    await tokenService(realm);
    const registry = createRegistry({
      insecureHosts: [],
      request: wire.request,
      credentials: known(() => credentials),
    });
    const failure = failureOf(await registry.tags(imageAt("registry.example.com", "acme/web")));
    expect(failure.code).toBe("rejected");
    expect(wire.places).toEqual(["https://registry.example.com/v2/"]);
  });

  test("of the same domain gets them; one of another is asked for an anonymous token", async () => {
    await tokenService("https://auth.example.com/token");
    const ours = createRegistry({
      insecureHosts: [],
      request: wire.request,
      credentials: known(() => credentials),
    });
    valueOf(await ours.tags(imageAt("registry.example.com", "acme/web")));
    expect(wire.requests[1]?.authorization).toBe(basic);
    await wire.stop();
    await tokenService("https://auth.other.example/token");
    const anonymous = createRegistry({ insecureHosts: [], request: wire.request });
    valueOf(await anonymous.tags(imageAt("registry.example.com", "acme/web")));
    expect(wire.requests[1]?.authorization).toBeUndefined();
  });

  test("that redirects is followed without credentials", async () => {
    wire = await Wire.start(({ authorization, url }) => {
      if (url.host === "sink.example.net") return { status: 200, body: '{"token":"the-token"}' };
      if (url.pathname === "/token")
        return { status: 307, headers: { location: "https://sink.example.net/" } };
      return authorization === "Bearer the-token" ? list : challenge("https://registry.example.com/token");
    });
    const registry = createRegistry({
      insecureHosts: [],
      request: wire.request,
      credentials: known(() => credentials),
    });
    valueOf(await registry.tags(imageAt("registry.example.com", "acme/web")));
    const sink = wire.requests.filter(({ url }) => url.host === "sink.example.net");
    expect(sink.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test.each([
    ["an empty answer", ""],
    ["a page", "<html>"],
    ["an empty token", '{"token":""}'],
    ["a token with a line end", '{"token":"a\\r\\nx-evil: 1"}'],
    ["a token that is no text", '{"token":{"a":1}}'],
  ])("that answers with %s gives no token", async (_what, body) => {
    wire = await Wire.start(({ url }) =>
      url.pathname === "/token" ? { status: 200, body } : challenge("https://registry.example.com/token"),
    );
    const registry = createRegistry({ insecureHosts: [], request: wire.request });
    const failure = failureOf(await registry.tags(imageAt("registry.example.com", "acme/web")));
    expect(failure.code).toBe("malformed");
  });
});

describe("a registry that asks for Basic credentials", () => {
  test("gets them, and no other host does", async () => {
    wire = await Wire.start(({ authorization, url }) => {
      if (url.host === "blobs.example.net") return list;
      if (authorization !== basic)
        return { status: 401, headers: { "www-authenticate": 'Basic realm="it"' } };
      return { status: 302, headers: { location: "https://blobs.example.net/elsewhere" } };
    });
    const registry = createRegistry({
      insecureHosts: [],
      request: wire.request,
      credentials: known((host) => (host === "registry.example.com" ? credentials : undefined)),
    });
    valueOf(await registry.tags(imageAt("registry.example.com", "acme/web")));
    expect(bearers(wire.requests).map(({ url }) => url.host)).toEqual(["registry.example.com"]);
    failureOf(await registry.tags(imageAt("registry.example.com.evil.net", "acme/web")));
    expect(bearers(wire.requests).map(({ url }) => url.host)).toEqual(["registry.example.com"]);
  });
});

/** What is requested after a listing was answered with a redirect. */
async function listingRedirectsTo(location: string): Promise<WireRequest[]> {
  wire = await Wire.start(({ authorization, url }) => {
    if (url.pathname === "/token") return { status: 200, body: '{"token":"the-token"}' };
    if (url.host !== "registry.example.com") return list;
    if (authorization === undefined) return challenge("https://registry.example.com/token");
    return { status: 307, headers: { location } };
  });
  const registry = createRegistry({ insecureHosts: [], request: wire.request });
  await registry.tags(imageAt("registry.example.com", "acme/web"));
  return wire.requests.slice(3);
}

describe("a redirect", () => {
  test.each([
    ["another host", "https://cdn.example.net/list"],
    ["another port", "https://registry.example.com:8443/list"],
  ])("to %s leaves the token behind", async (_what, location) => {
    const [followed] = await listingRedirectsTo(location);
    expect(followed?.url.href).toBe(location);
    expect(followed?.authorization).toBeUndefined();
  });

  test.each([
    ["plain http", "http://cdn.example.net/list"],
    ["a private address", "https://169.254.169.254/latest"],
    ["a user in the address", "https://a:b@cdn.example.net/list"],
    ["nowhere", "https://"],
  ])("to %s is not followed", async (_what, location) => {
    expect(await listingRedirectsTo(location)).toEqual([]);
  });

  test("that never ends is given up after five", async () => {
    expect(await listingRedirectsTo("/v2/acme/web/tags/list")).toHaveLength(5);
  });
});

describe("a registry that is not listed", () => {
  test("is asked by https only", async () => {
    wire = await Wire.start(() => undefined);
    const registry = createRegistry({ insecureHosts: ["other.example.com"], request: wire.request });
    expect(failureOf(await registry.tags(imageAt("registry.example.com", "acme/web"))).code).toBe(
      "unavailable",
    );
    expect(wire.places).toEqual(["https://registry.example.com/v2/"]);
  });

  test.each(["127.0.0.1", "10.1.2.3:5000", "169.254.169.254", "192.168.0.1:5000"])(
    "at the private address %s gets no request",
    async (host) => {
      wire = await Wire.start(() => list);
      const registry = createRegistry({ insecureHosts: [], request: wire.request });
      expect(failureOf(await registry.tags(imageAt(host, "acme/web"))).code).toBe("rejected");
      expect(wire.requests).toEqual([]);
    },
  );

  test("with a name at a private address gets no request either", async () => {
    wire = await Wire.start(() => list);
    const sandbox = await startRegistry();
    const host = `localhost:${new URL(sandbox.url).port}`;
    const failure = failureOf(await createRegistry({ insecureHosts: [] }).tags(imageAt(host, "acme/web")));
    expect(failure).toMatchObject({ code: "rejected", message: expect.stringMatching(/private address/) });
    expect(sandbox.requests).toEqual([]);
    await sandbox.stop();
  });
});

describe("a registry that is listed", () => {
  test("is asked by https first, and by http where nobody answers that", async () => {
    wire = await Wire.start(({ url }) => (url.protocol === "http:" ? list : undefined));
    const registry = createRegistry({ insecureHosts: ["registry.corp:5000"], request: wire.request });
    valueOf(await registry.tags(imageAt("registry.corp:5000", "acme/web")));
    valueOf(await registry.tags(imageAt("registry.corp:5000", "acme/web")));
    expect(wire.places).toEqual([
      "https://registry.corp:5000/v2/",
      "http://registry.corp:5000/v2/",
      "http://registry.corp:5000/v2/acme/web/tags/list",
      "http://registry.corp:5000/v2/acme/web/tags/list",
    ]);
  });

  test("does not make http good for others", async () => {
    wire = await Wire.start(({ url }) =>
      url.protocol === "http:" ? challenge("http://auth.corp/token") : undefined,
    );
    const registry = createRegistry({ insecureHosts: ["registry.corp"], request: wire.request });
    expect(failureOf(await registry.tags(imageAt("registry.corp", "acme/web"))).code).toBe("rejected");
    expect(wire.places).not.toContain("http://auth.corp/token");
  });
});

test("no failure tells a credential", async () => {
  const sandbox = await startRegistry({ auth: "required", credentials });
  wire = await Wire.start(() => undefined);
  sandbox.inject(answerWith(500, {}, `boom ${secret}`), { path: /tags/ });
  const ours = createRegistry({ insecureHosts: [sandbox.host], credentials: known(() => credentials) });
  const failures = [failureOf(await ours.tags(imageAt(sandbox.host, "acme/web")))];
  await sandbox.stop();
  failures.push(failureOf(await ours.resolve(imageAt(sandbox.host, "acme/web"), "1.0.0")));
  const cut = createRegistry({
    insecureHosts: [],
    request: wire.request,
    credentials: known(() => credentials),
  });
  failures.push(failureOf(await cut.tags(imageAt("registry.example.com", "acme/web"))));
  expect(inspect(failures, { depth: 10, showHidden: true })).not.toMatch(
    new RegExp(`${secret}|Bearer|Basic`),
  );
});

test.each([
  ["https://8.8.8.8/", false],
  ["https://[2606:4700::1111]/", false],
  ["https://100.64.0.1/", true],
  ["https://172.31.255.255/", true],
  ["https://172.32.0.1/", false],
  ["https://0.0.0.0/", true],
  ["https://[fd00::1]/", true],
  ["https://[fe80::1]/", true],
  ["https://[::]/", true],
  ["https://[::ffff:a00:1]/", true],
  ["https://0x7f.1/", true],
])("%s is a private address: %s", async (url, expected) => {
  wire = await Wire.start(() => list);
  expect(hasPrivateLiteral(new URL(url))).toBe(expected);
});
