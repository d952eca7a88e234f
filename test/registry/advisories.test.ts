import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Registry } from "../../src/ports/registry.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createCredentialHelpers } from "../../src/registry/credential-helper.ts";
import { dockerCredentials } from "../../src/registry/docker-config.ts";
import { failureOf, imageAt, known, valueOf } from "./references.ts";
import { attacks, imageAttacks, startHostileRegistry } from "./hostile-registry.ts";
import type { Ending } from "./list-hostile.ts";
import { Wire, type WireAnswer, type WireRequest } from "./wire.ts";

const home = "registry.example.com";
const image = imageAt(home, "acme/web");
const credentials = { username: "robot", password: "s3cret-of-the-registry" };
const secrets = [
  credentials.password,
  Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64"),
  "the-token",
];

let wire: Wire;
afterEach(() => wire?.stop());

const list = (tags: readonly string[], headers: Record<string, string> = {}): WireAnswer => ({
  status: 200,
  headers,
  body: JSON.stringify({ tags }),
});

/** A registry with its own token service, and beside it the rest of the internet, which takes whatever comes. */
async function open(
  answer: (request: WireRequest) => WireAnswer | undefined,
  realm = `https://${home}/token`,
): Promise<Registry> {
  wire = await Wire.start((request) => {
    const { authorization, url } = request;
    if (url.href.startsWith(realm)) return { status: 200, body: '{"token":"the-token"}' };
    if (url.host !== home) return answer(request) ?? list(["6.6.6"]);
    if (authorization !== "Bearer the-token") {
      return { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}",service="it"` } };
    }
    return answer(request) ?? list(["1.0.0"]);
  });
  const ours = known((host) => (host === home ? credentials : undefined));
  return createRegistry({ insecureHosts: [], request: wire.request, credentials: ours });
}

/** Requests that carried anything secret to another place than the registry, its scheme and port included. */
function leaks(trusted: readonly string[] = [`https://${home}`]): string[] {
  return wire.requests
    .filter(({ url }) => !trusted.includes(url.origin))
    .filter(({ authorization, body, url }) =>
      secrets.some((secret) => `${authorization} ${url.href} ${body}`.includes(secret)),
    )
    .map(({ url }) => url.href);
}

const strangers = (): string[] =>
  wire.requests.filter(({ url }) => url.origin !== `https://${home}`).map(({ url }) => url.href);

describe("16 Link-header exfiltration (CVE-2026-88887):", () => {
  const targets: readonly [string, string][] = [
    ["another host", "https://evil.example/v2/acme/web/tags/list?last=1.0.0"],
    ["another host without a scheme", "//evil.example/v2/acme/web/tags/list"],
    ["a backslash for a slash", "\\\\evil.example/v2/acme/web/tags/list"],
    ["a scheme and backslashes", "https:\\\\evil.example/v2/"],
    ["a line end in the scheme", "ht\ttps://evil.example/v2/"],
    ["a downgrade to http", `http://${home}/v2/acme/web/tags/list?last=1.0.0`],
    ["another port", `https://${home}:8443/v2/acme/web/tags/list`],
    ["the host as a user", `https://${home}@evil.example/v2/`],
    ["a user at the same host", `https://a:b@${home}/v2/acme/web/tags/list?last=1.0.0`],
    ["the host as a beginning", `https://${home}.evil.example/v2/`],
    ["a subdomain", `https://a.${home}/v2/`],
    ["a look-alike in another script", "https://registry.xn--exmple-4nf.com/v2/"],
    ["another scheme", "ftp://registry.example.com/v2/"],
    ["data", 'data:application/json,{"tags":["6.6.6"]}'],
    ["nothing", ""],
    ["an endless address", `/v2/acme/web/tags/list?last=${"x".repeat(3000)}`],
  ];
  test.each(targets)("%s is not followed, and half a list is none", async (_what, target) => {
    const registry = await open(({ url }) =>
      url.searchParams.has("last") ? undefined : list(["1.0.0"], { link: `<${target}>; rel="next"` }),
    );
    expect(failureOf(await registry.tags(image)).code).toBe("incomplete");
    expect(strangers()).toEqual([]);
  });

  test("a path above the repository stays at the registry", async () => {
    const link = '</v2/acme/web/../../../../other?last=1.0.0>; rel="next"';
    const registry = await open(({ url }) =>
      url.searchParams.has("last") ? undefined : list(["1.0.0"], { link }),
    );
    await registry.tags(image);
    expect(strangers()).toEqual([]);
  });

  test("no target at all makes anything leave, whatever it is", async () => {
    let link = "";
    const registry = await open(({ url }) =>
      url.searchParams.get("n") === "1000" ? list(["1.0.0"], { link }) : list([]),
    );
    const hosts = fc.constantFrom("evil.example", `${home}.evil.example`, `x@${home}`, "127.0.0.1", home);
    const starts = fc.constantFrom("https://", "http://", "//", "\\\\", "https:", "/", "", "https:////");
    const target = fc.tuple(starts, hosts, fc.webPath()).map((parts) => parts.join(""));
    const anything = fc
      .string({ unit: "grapheme-ascii" })
      .map((text) => text.replaceAll(/[^\x20-\x7e]/g, ""));
    await fc.assert(
      fc.asyncProperty(fc.oneof(target, anything), async (text) => {
        link = `<${text}>; rel="next"`;
        await registry.tags(image);
        expect(strangers()).toEqual([]);
      }),
    );
  });
});

describe("17 token-realm phishing and SSRF (CVE-2020-15157, CVE-2026-48978):", () => {
  test.each([
    ["the metadata service", "https://169.254.169.254/latest/meta-data/iam"],
    ["the metadata service by name", "http://metadata.google.internal/computeMetadata/v1/"],
    ["the metadata service by IPv6", "https://[fd00:ec2::254]/latest"],
    ["loopback", "https://127.0.0.1/token"],
    ["loopback in octal", "https://0177.0.0.1/token"],
    ["loopback in one number", "https://2130706433/token"],
    ["loopback by IPv6", "https://[::1]/token"],
    ["a private network", "https://192.168.1.1/token"],
    ["an address translated to IPv6", "https://[64:ff9b::7f00:1]/token"],
    ["plain http", `http://${home}/token`],
    ["a stranger", "https://evil.example/token"],
    ["a stranger whose name ends alike", "https://evilexample.com/token"],
    ["a stranger whose name begins alike", `https://${home}.evil.example/token`],
    ["a stranger behind a user", `https://${home}@evil.example/token`],
    ["a public address", "https://203.0.113.7/token"],
    ["a file", "file:///etc/passwd"],
  ])("%s gets no credentials and no request", async (_what, realm) => {
    const registry = await open(() => undefined, realm);
    expect(["rejected", "malformed"]).toContain(failureOf(await registry.tags(image)).code);
    expect(strangers()).toEqual([]);
  });

  test.each([
    ["registry.example.co.uk", "auth.evil.co.uk"],
    ["registry.acme.com.au", "evil.com.au"],
    ["acme.azurecontainer.io", "evil.azurecontainer.io"],
    ["123.dkr.ecr.eu-west-1.amazonaws.com", "ec2-1-2-3-4.compute-1.amazonaws.com.evil.example"],
    ["acme.github.io", "evil.github.io"],
  ])("%s shares no owner with %s", async (host, stranger) => {
    wire = await Wire.start(() => ({
      status: 401,
      headers: { "www-authenticate": `Bearer realm="https://${stranger}/token"` },
    }));
    const registry = createRegistry({
      insecureHosts: [],
      request: wire.request,
      credentials: known(() => credentials),
    });
    expect(failureOf(await registry.tags(imageAt(host, "acme/web"))).code).toBe("rejected");
    expect(leaks()).toEqual([]);
  });

  test.each([
    ["the metadata service", "https://169.254.169.254/latest"],
    ["a stranger", "https://evil.example/take"],
    ["the same host in the clear", `http://${home}/token`],
  ])("a token service that sends on to %s shows it nothing", async (_what, location) => {
    wire = await Wire.start(({ url }): WireAnswer => {
      if (url.pathname === "/token" && url.origin === `https://${home}`) {
        return { status: 307, headers: { location } };
      }
      return url.host === home
        ? { status: 401, headers: { "www-authenticate": `Bearer realm="https://${home}/token"` } }
        : { status: 200, body: '{"token":"the-token"}' };
    });
    for (const found of [credentials, { identityToken: credentials.password }]) {
      const ours = known(() => found);
      const registry = createRegistry({ insecureHosts: [], request: wire.request, credentials: ours });
      failureOf(await registry.tags(image));
    }
    expect(leaks()).toEqual([]);
    expect(wire.places.some((place) => place.startsWith("https://169.254"))).toBe(false);
  });

  test("a place that the registry redirects to asks for nothing", async () => {
    const realm = `https://${home}/take`;
    wire = await Wire.start(({ url }): WireAnswer => {
      const location = `https://mirror.example.net${url.pathname}`;
      return url.host === home && url.pathname.startsWith("/v2/")
        ? { status: 307, headers: { location } }
        : { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}"` } };
    });
    const ours = known(() => credentials);
    const registry = createRegistry({ insecureHosts: [], request: wire.request, credentials: ours });
    expect(failureOf(await registry.tags(image)).code).toBe("unauthorized");
    expect(wire.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  test("a listed registry opens no other private address", async () => {
    const realm = "https://10.0.0.7/token";
    wire = await Wire.start(() => ({
      status: 401,
      headers: { "www-authenticate": `Bearer realm="${realm}"` },
    }));
    const registry = createRegistry({ insecureHosts: ["10.0.0.5:5000"], request: wire.request });
    expect(failureOf(await registry.tags(imageAt("10.0.0.5:5000", "acme/web"))).code).toBe("rejected");
    expect(new Set(wire.requests.map(({ url }) => url.host))).toEqual(new Set(["10.0.0.5:5000"]));
  });
});

describe("18 redirects and blob hosts (GHSA-vh4v-2xq2-g5cg, CVE-2026-50151):", () => {
  test.each([
    ["another host", "https://blobs.example.net/x"],
    ["another port of the same host", `https://${home}:8443/x`],
    ["a subdomain", `https://cdn.${home}/x`],
    ["the metadata service", "https://169.254.169.254/x"],
    ["the same host in the clear", `http://${home}/x`],
    ["a user in the address", "https://a:b@blobs.example.net/x"],
    ["a file", "file:///etc/passwd"],
  ])("%s sees no credentials of a listing, a manifest or a blob", async (_what, location) => {
    const registry = await open(({ url }) =>
      url.host === home && url.port === "" && url.pathname !== "/x"
        ? { status: 307, headers: { location } }
        : undefined,
    );
    await registry.tags(image);
    await registry.resolve(image, "1.0.0");
    await registry.platforms(image, "1.0.0");
    expect(leaks()).toEqual([]);
    expect(wire.places.filter((place) => /169\.254|^http:|^file:/.test(place))).toEqual([]);
  });

  test("a way back does not bring them back", async () => {
    const registry = await open(({ url }) => {
      if (url.host === "blobs.example.net") {
        return { status: 307, headers: { location: `https://${home}/v2/acme/web/tags/list?back` } };
      }
      return url.search === "?back"
        ? undefined
        : { status: 307, headers: { location: "https://blobs.example.net/" } };
    });
    await registry.tags(image);
    expect(leaks()).toEqual([]);
    expect(wire.requests.at(-1)?.authorization).toBeUndefined();
  });

  test("nor do the pages that follow where it leads", async () => {
    const elsewhere = "https://mirror.example.net/v2/acme/web/tags/list";
    const registry = await open(({ url }) => {
      if (url.host === home) return { status: 307, headers: { location: elsewhere } };
      const link = '</v2/acme/web/tags/list?last=1.0.0>; rel="next"';
      return url.searchParams.has("last") ? list(["1.1.0"]) : list(["1.0.0"], { link });
    });
    expect(valueOf(await registry.tags(image)).tags).toEqual(["1.0.0", "1.1.0"]);
    expect(strangers()).toHaveLength(2);
    expect(leaks()).toEqual([]);
  });

  test("one that never ends is given up", async () => {
    const registry = await open(({ url }) => ({ status: 307, headers: { location: `${url.href}x` } }));
    const failure = failureOf(await registry.tags(image));
    expect(failure).toMatchObject({ code: "rejected", message: expect.stringMatching(/more than 5 times/) });
  });
});

describe("19 credentials for a host that only looks alike (CVE-2026-59891, CVE-2026-105769):", () => {
  const auths = {
    "ghcr.io": { auth: Buffer.from("ghcr:x").toString("base64") },
    "acme.azurecr.io": { username: "acr", password: "x" },
    "https://index.docker.io/v1/": { username: "hub", password: "x" },
    "quay.io/acme": { username: "quay", password: "x" },
  };
  const configured = new Set(["ghcr.io", "acme.azurecr.io", "docker.io", "index.docker.io"]);
  const aliases = ["registry-1.docker.io", "registry.hub.docker.com"];
  const find = async (host: string, repository = "acme/web") => {
    const docker = valueOf(await dockerCredentials({ auths }, createCredentialHelpers({})));
    return valueOf(await docker.credentials(host, repository));
  };

  test("the ones that are meant find theirs", async () => {
    for (const host of [...configured, ...aliases, "GHCR.IO"]) expect(await find(host)).toBeDefined();
  });

  test.each([
    "acme.azurecr.io.evil.com",
    "evil-acme.azurecr.io",
    "evil.azurecr.io",
    "azurecr.io",
    "ghcr.io.evil",
    "EVIL-ghcr.io",
    "ghcr.io:443",
    "ghcr.io:444",
    "ghcr.io.",
    "ghcr.io/",
    "ghcr.io@evil.com",
    "user@ghcr.io",
    " ghcr.io",
    "ghcr.io\u0000",
    "ghcr%2eio",
    "ghcr。io",
    "docker.io.evil.com",
    "hub.docker.com",
  ])("%j does not", async (host) => {
    expect(await find(host)).toBeUndefined();
  });

  test("nor does a path that only begins alike, or one that climbs", async () => {
    for (const repository of ["acme-evil/web", "acm", "evil/acme", "acme2", "evil/../acme/web"]) {
      expect(await find("quay.io", repository)).toBeUndefined();
    }
    expect(await find("quay.io", "acme")).toBeDefined();
  });

  test("nor does any other name that can be made of it", async () => {
    const one = fc.constantFrom(...configured);
    const extra = fc.string({ minLength: 1, maxLength: 8 });
    const altered = fc.oneof(
      fc.tuple(extra, one).map(([text, host]) => text + host),
      fc.tuple(one, extra).map(([host, text]) => host + text),
      fc.tuple(one, extra, fc.nat(20)).map(([host, text, at]) => host.slice(0, at) + text + host.slice(at)),
      fc.tuple(one, fc.nat(20)).map(([host, at]) => host.slice(0, at) + host.slice(at + 1)),
      fc.tuple(one, fc.integer({ min: 0, max: 65_535 })).map(([host, port]) => `${host}:${port}`),
      fc.domain(),
    );
    const docker = valueOf(await dockerCredentials({ auths }, createCredentialHelpers({})));
    await fc.assert(
      fc.asyncProperty(altered, async (host) => {
        fc.pre(!configured.has(host.toLowerCase()) && !aliases.includes(host.toLowerCase()));
        expect(valueOf(await docker.credentials(host, "acme/web"))).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });
});

describe("20 endless and huge answers (CVE-2024-29893, CVE-2023-46737):", () => {
  const run = promisify(execFile);
  const script = join(import.meta.dirname, "list-hostile.ts");
  let hostile: Awaited<ReturnType<typeof startHostileRegistry>>;
  beforeAll(async () => void (hostile = await startHostileRegistry()));
  afterAll(() => hostile.stop());

  /** The calmest of three: a machine that is busy with something else stops every process for a while. */
  async function listing(repository: string, what: "tags" | "labels"): Promise<Ending> {
    const endings: Ending[] = [];
    while (endings.length < 3 && !endings.some(({ stoppedMs }) => stoppedMs < 200)) {
      const { stdout } = await run(process.execPath, [script, hostile.host, repository, what]);
      endings.push(JSON.parse(stdout) as Ending);
    }
    return endings.toSorted((a, b) => a.stoppedMs - b.stoppedMs)[0]!;
  }

  const all = [
    ...Object.entries(attacks).map(([name, { says }]) => [name, "tags", says] as const),
    ...Object.entries(imageAttacks).map(([name, { says }]) => [name, "labels", says] as const),
  ];
  test.each(all)("%s of %s ends in a clear reason, and stops nothing else", async (name, what, says) => {
    const ending = await listing(`hostile/${name}`, what);
    expect(ending.tags).toBeNull();
    expect(ending.message).toMatch(says);
    expect(ending.message.length).toBeLessThan(300);
    expect(ending.residentMebibytes).toBeLessThan(128);
    expect(ending.stoppedMs).toBeLessThan(200);
  });

  test("a tag of 1 MB is dropped, and the others are there", async () => {
    expect(await listing("good/web", "tags")).toMatchObject({ tags: ["1.0.0"], dropped: 1 });
  });
});
