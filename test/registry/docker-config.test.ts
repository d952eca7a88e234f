import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCredentialHelpers } from "../../src/registry/credential-helper.ts";
import type { Credentials } from "../../src/registry/credentials.ts";
import { dockerCredentials, readDockerConfig } from "../../src/registry/docker-config.ts";
import { failureOf, valueOf } from "./references.ts";

const auth = (text: string): string => Buffer.from(text).toString("base64");
const robot = { username: "robot", password: "a:b" };
const none = createCredentialHelpers({});
const answer = (user: string): string => `printf '{"ServerURL":"x","Username":"${user}","Secret":"s3cret"}'`;

/** What a configuration gives for an image, and what it says at the start. */
async function read(
  config: unknown,
  helpers = none,
): Promise<{
  readonly of: (host: string, repository?: string) => Promise<Credentials | undefined>;
  readonly notices: readonly string[];
}> {
  const { credentials, notices } = valueOf(await dockerCredentials(config, helpers));
  return {
    of: async (host, repository = "acme/web") => valueOf(await credentials(host, repository)),
    notices,
  };
}

describe("the credentials of a Docker config", () => {
  test.each([
    ["ghcr.io", "ghcr.io"],
    ["https://ghcr.io", "ghcr.io"],
    ["https://ghcr.io/", "ghcr.io"],
    ["GHCR.io", "ghcr.io"],
    ["localhost:5000", "localhost:5000"],
    ["http://localhost:5000/v2/", "localhost:5000"],
    ["https://index.docker.io/v1/", "docker.io"],
    ["docker.io", "index.docker.io"],
    ["registry-1.docker.io", "docker.io"],
  ])("under %s are those of %s", async (key, host) => {
    const { of, notices } = await read({ auths: { [key]: { auth: auth("robot:a:b") } } });
    expect(await of(host)).toEqual(robot);
    expect(notices).toEqual([]);
  });

  test("may be written as username and password, or as an identity token", async () => {
    const auths = {
      "ghcr.io": { ...robot, email: "x" },
      "x.azurecr.io": { auth: "", identitytoken: "t0ken" },
    };
    const { of } = await read({ auths });
    expect(await of("ghcr.io")).toEqual(robot);
    expect(await of("x.azurecr.io")).toEqual({ identityToken: "t0ken" });
  });

  test("are those of the longest path that holds the repository", async () => {
    const { of } = await read({
      auths: {
        "quay.io": { auth: auth("host:x") },
        "quay.io/acme": { auth: auth("team:x") },
        "quay.io/acme/web/": { auth: auth("image:x") },
      },
    });
    const user = async (repository: string): Promise<unknown> => {
      const found = await of("quay.io", repository);
      return found !== undefined && "username" in found ? found.username : found;
    };
    expect(await user("acme/web")).toBe("image");
    expect(await user("acme/web/debug")).toBe("image");
    expect(await user("acme/webhook")).toBe("team");
    expect(await user("acme-other/web")).toBe("host");
    expect(await of("quay.io.evil.com", "acme/web")).toBeUndefined();
  });

  test.each([
    "x.ghcr.io",
    "ghcr.io.evil.com",
    "evil-ghcr.io",
    "ghcr.io:444",
    "ghcr.io.",
    "ghcr",
    "hcr.io",
    "",
  ])("are not those of %s", async (host) => {
    const { of } = await read({ auths: { "ghcr.io": { auth: auth("robot:x") } } });
    expect(await of(host)).toBeUndefined();
  });

  test("that are not used are said, not passed over", async () => {
    const { of, notices } = await read({
      credsStore: "desktop",
      credHelpers: { "123.dkr.ecr.eu-west-1.amazonaws.com": "ecr-login" },
      auths: {
        "ghcr.io": {},
        "quay.io": { registrytoken: "t0ken" },
        "*.example.com": { auth: auth("robot:x") },
      },
    });
    expect(await of("ghcr.io")).toBeUndefined();
    expect(await of("quay.io")).toBeUndefined();
    expect(notices).toEqual([
      "Docker config.json: the registrytoken for quay.io is of a kind that expires, so it is not used.",
      'Docker config.json: "*.example.com" is not a registry host, so it is not used.',
      "Docker config.json: docker-credential-ecr-login for 123.dkr.ecr.eu-west-1.amazonaws.com is not on the PATH, so it is not used.",
      "Docker config.json: docker-credential-desktop for all registries is not on the PATH, so it is not used.",
    ]);
  });

  test.each([
    ["no object", 7],
    ["a list of auths", { auths: [] }],
    ["an auth that is no text", { auths: { "ghcr.io": { auth: 7 } } }],
    ["an auth without a colon", { auths: { "ghcr.io": { auth: auth("s3cret") } } }],
    ["a helper with a path", { credHelpers: { "ghcr.io": "../../bin/sh" } }],
    ["a helper with a command", { credsStore: "x; touch s3cret" }],
  ])("are refused for %s, without telling any", async (_what, config) => {
    const failure = failureOf(await dockerCredentials(config, none));
    expect(failure.code).toBe("malformed");
    expect(failure.message).not.toContain("s3cret");
  });

  test("are read from a folder, where a missing file means none and a broken one is said", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lockkeeper-docker-"));
    const { credentials } = valueOf(await readDockerConfig(folder, none));
    expect(valueOf(await credentials("ghcr.io", "acme/web"))).toBeUndefined();
    const file = join(folder, "config.json");
    await writeFile(file, JSON.stringify({ auths: { "ghcr.io": { auth: auth("robot:a:b") } } }));
    const found = valueOf(await readDockerConfig(folder, none));
    expect(valueOf(await found.credentials("ghcr.io", "acme/web"))).toEqual(robot);
    await writeFile(file, '{"auths": s3cret');
    expect(failureOf(await readDockerConfig(folder, none)).message).toBe(`${file} is not JSON`);
    await rm(folder, { recursive: true });
  });
});

describe("a credential helper", () => {
  let folder: string;
  const helper = (name: string, script: string): Promise<void> =>
    writeFile(join(folder, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`).then(() =>
      chmod(join(folder, `docker-credential-${name}`), 0o755),
    );
  const helpers = (more: Record<string, string> = {}) =>
    createCredentialHelpers({ PATH: `${folder}:${process.env["PATH"]}`, ...more });
  const seen = (): Promise<string> => readFile(join(folder, "seen"), "utf8");

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lockkeeper-helper-"));
    await helper("robot", `echo "$@ $(cat)" >> "${folder}/seen"; ${answer("robot")}`);
    await helper("token", answer("<token>"));
    await helper("empty", "echo credentials not found in native keychain; exit 1");
    await helper("broken", "echo s3cret; exit 1");
    await helper("chatty", "yes s3cret");
    await helper("nosy", `printf '{"Username":"%s","Secret":"x"}' "$PRIVATE_KEY$WEBHOOK_SECRET$AWS_REGION"`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("is asked for its host, by the name that Docker gives it, and once for many images", async () => {
    const { of, notices } = await read(
      { credHelpers: { "ghcr.io": "robot", "docker.io": "robot" } },
      helpers(),
    );
    expect(notices).toEqual([]);
    await Promise.all(["acme/a", "acme/b"].map((repository) => of("ghcr.io", repository)));
    expect(await of("ghcr.io")).toEqual({ username: "robot", password: "s3cret" });
    expect(await of("registry-1.docker.io")).toEqual({ username: "robot", password: "s3cret" });
    expect(await of("ghcr.io.evil.com")).toBeUndefined();
    expect(await seen()).toBe("get ghcr.io\nget https://index.docker.io/v1/\n");
  });

  test("may keep a token instead of a password", async () => {
    const { of } = await read({ credsStore: "token" }, helpers());
    expect(await of("x.azurecr.io")).toEqual({ identityToken: "s3cret" });
  });

  test("that has nothing leaves it to what else the file says", async () => {
    const { of } = await read(
      { credsStore: "token", credHelpers: { "ghcr.io": "empty" }, auths: { "ghcr.io": robot } },
      helpers(),
    );
    expect(await of("ghcr.io")).toEqual(robot);
    expect(await of("quay.io")).toEqual({ identityToken: "s3cret" });
  });

  test.each(["broken", "chatty"])("that is %s is said, and nothing that it wrote", async (name) => {
    const config = { credHelpers: { "ghcr.io": name } };
    const { credentials } = valueOf(await dockerCredentials(config, helpers()));
    const failure = failureOf(await credentials("ghcr.io", "acme/web"));
    expect(failure).toEqual({
      code: "unauthorized",
      message: `the credential helper docker-credential-${name} gives no credentials for ghcr.io`,
    });
  });

  test("sees the environment without our secrets", async () => {
    const environment = { PRIVATE_KEY: "s3cret", WEBHOOK_SECRET: "s3cret", AWS_REGION: "eu-west-1" };
    const { of } = await read({ credsStore: "nosy" }, helpers(environment));
    expect(await of("ghcr.io")).toEqual({ username: "eu-west-1", password: "x" });
  });
});

/** Advisory 19 of confused credentials is held by a property: see advisories.test.ts. */
test("no host but the configured one finds its credentials, whatever it is called", async () => {
  const { of } = await read({ auths: { "ghcr.io": { auth: auth("robot:x") } } });
  const strange = fc.oneof(fc.domain(), fc.string(), fc.constantFrom("__proto__", "constructor"));
  await fc.assert(
    fc.asyncProperty(strange, fc.string(), async (host, repository) => {
      fc.pre(host.toLowerCase() !== "ghcr.io");
      expect(await of(host, repository)).toBeUndefined();
    }),
  );
});
