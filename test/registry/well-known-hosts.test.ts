import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createCredentialHelpers } from "../../src/registry/credential-helper.ts";
import { dockerCredentials } from "../../src/registry/docker-config.ts";
import { failureOf, imageAt, known, valueOf } from "./references.ts";
import { type WellKnownHost, answerAs, ecr, missing, wellKnownHosts } from "./well-known-hosts.ts";
import { Wire, type WireAnswer } from "./wire.ts";

let wire: Wire;
afterEach(() => wire.stop());

async function open(host: WellKnownHost) {
  wire = await Wire.start(answerAs(host));
  const credentials = known((name) => (name === host.host ? host.credentials : undefined));
  return createRegistry({ insecureHosts: [], request: wire.request, credentials });
}

const named = (name: string): WellKnownHost => wellKnownHosts.find((host) => host.name === name)!;

describe("the registry of", () => {
  test.each(wellKnownHosts)("$name is listed to its end, with what it wants to see", async (host) => {
    const registry = await open(host);
    const image = { name: "", registry: host.host, repository: host.repository };
    expect(valueOf(await registry.tags(image))).toEqual({ tags: ["1.0.0", "1.1.0"], dropped: 0 });
    const listings = wire.requests.filter(({ url }) => url.pathname.endsWith("/tags/list"));
    expect(listings).toHaveLength(host.link === undefined ? 1 : 2);
    expect(listings[0]?.url.searchParams.get("n")).toBe(String(host.pageSize ?? 1000));
  });

  test.each(wellKnownHosts)("$name tells why a repository cannot be listed", async (host) => {
    const registry = await open(host);
    const failure = failureOf(await registry.tags({ name: "", registry: host.host, repository: missing }));
    expect(failure.code).toBe(host.missing.code);
    expect(failure.message).toContain(host.host);
    expect(failure.message).toContain(`(${host.missing.status})`);
  });

  test.each(wellKnownHosts.filter(({ credentials }) => credentials !== undefined))(
    "$name lets nobody in without credentials, and says so",
    async (host) => {
      wire = await Wire.start(answerAs(host));
      const registry = createRegistry({ insecureHosts: [], request: wire.request });
      const image = { name: "", registry: host.host, repository: host.repository };
      const failure = failureOf(await registry.tags(image));
      expect(failure).toMatchObject({ code: "unauthorized", message: expect.stringContaining(host.host) });
    },
  );

  test.each(["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"])(
    "Docker Hub is asked at one place, called %s or not",
    async (name) => {
      const registry = await open(named("Docker Hub"));
      valueOf(await registry.tags({ name: "", registry: name, repository: "library/nginx" }));
      expect(new Set(wire.requests.map(({ url }) => url.host))).toEqual(
        new Set(["registry-1.docker.io", "auth.docker.io"]),
      );
    },
  );

  test("Docker Hub rests for a minute when it has had enough and does not say for how long", async () => {
    const limits = { "ratelimit-limit": "100;w=21600", "ratelimit-remaining": "0;w=21600" };
    wire = await Wire.start(({ url }) =>
      url.pathname.endsWith("/list") ? { status: 429, headers: limits } : { status: 200, body: "{}" },
    );
    const registry = createRegistry({ insecureHosts: [], request: wire.request });
    expect(failureOf(await registry.tags(imageAt("docker.io", "nginx")))).toMatchObject({
      code: "rate-limited",
      retryAfterSeconds: 60,
    });
  });

  test("Kubernetes, which sends everyone on to another, is listed there", async () => {
    wire = await Wire.start(({ url }): WireAnswer =>
      url.host === "registry.k8s.io"
        ? {
            status: 307,
            headers: { location: `https://europe-west1-docker.pkg.dev/v2/k8s${url.pathname.slice(3)}` },
          }
        : url.pathname.endsWith("/tags/list")
          ? { status: 200, body: '{"child":[],"tags":["3.10"]}' }
          : {
              status: 401,
              headers: { "www-authenticate": 'Bearer realm="https://europe-west1-docker.pkg.dev/v2/token"' },
            },
    );
    const registry = createRegistry({ insecureHosts: [], request: wire.request });
    expect(valueOf(await registry.tags(imageAt("registry.k8s.io", "pause"))).tags).toEqual(["3.10"]);
  });
});

describe("a helper for ECR", () => {
  let folder: string;
  afterEach(() => rm(folder, { recursive: true }));

  /** A program of that name that hands out this token and counts how often it was asked. */
  async function helper(token: string): Promise<ReturnType<typeof createRegistry>> {
    folder = await mkdtemp(join(tmpdir(), "lockkeeper-helper-"));
    const file = join(folder, "docker-credential-ecr-login");
    await writeFile(file, `#!/bin/sh\necho '{"ServerURL":"${ecr}","Username":"AWS","Secret":"${token}"}'\n`);
    await chmod(file, 0o700);
    const helpers = createCredentialHelpers({ PATH: `${folder}:/usr/bin:/bin` });
    const config = { credHelpers: { [ecr]: "ecr-login" } };
    const { credentials } = valueOf(await dockerCredentials(config, helpers));
    return createRegistry({ insecureHosts: [], request: wire.request, credentials });
  }

  test("opens it", async () => {
    wire = await Wire.start(answerAs(named("ECR")));
    const registry = await helper("a-long-token");
    expect(valueOf(await registry.tags(imageAt(ecr, "acme/web"))).tags).toHaveLength(2);
  });

  test("whose token has expired is told apart, and the token is shown to nobody", async () => {
    wire = await Wire.start(({ authorization }) =>
      authorization === undefined
        ? { status: 401, headers: { "www-authenticate": `Basic realm="https://${ecr}/"` } }
        : {
            status: 403,
            body: '{"errors":[{"code":"DENIED","message":"Your authorization token has expired."}]}',
          },
    );
    const registry = await helper("an-expired-token");
    const failure = failureOf(await registry.tags(imageAt(ecr, "acme/web")));
    expect(failure.code).toBe("forbidden");
    expect(JSON.stringify(failure)).not.toContain("an-expired-token");
  });
});
