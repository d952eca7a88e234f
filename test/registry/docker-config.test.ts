import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dockerCredentials, readDockerConfig } from "../../src/registry/docker-config.ts";
import { failureOf, valueOf } from "./references.ts";

const auth = (text: string): string => Buffer.from(text).toString("base64");
const robot = { username: "robot", password: "a:b" };

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
  ])("under %s are those of %s", (key, host) => {
    const { credentials, notices } = valueOf(
      dockerCredentials({ auths: { [key]: { auth: auth("robot:a:b") } } }),
    );
    expect(credentials(host)).toEqual(robot);
    expect(notices).toEqual([]);
  });

  test("may be written as username and password", () => {
    const { credentials } = valueOf(dockerCredentials({ auths: { "ghcr.io": { ...robot, email: "x" } } }));
    expect(credentials("ghcr.io")).toEqual(robot);
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
  ])("are not those of %s", (host) => {
    const { credentials } = valueOf(dockerCredentials({ auths: { "ghcr.io": { auth: auth("robot:x") } } }));
    expect(credentials(host)).toBeUndefined();
  });

  test("belong to no other host, whatever it is", () => {
    const { credentials } = valueOf(dockerCredentials({ auths: { "ghcr.io": { auth: auth("robot:x") } } }));
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string(), fc.constantFrom("__proto__", "constructor")), (host) => {
        fc.pre(host.toLowerCase() !== "ghcr.io");
        expect(credentials(host)).toBeUndefined();
      }),
    );
  });

  test("that stand elsewhere are said, not passed over", () => {
    const { credentials, notices } = valueOf(
      dockerCredentials({
        credsStore: "desktop",
        credHelpers: { "123.dkr.ecr.eu-west-1.amazonaws.com": "ecr-login" },
        auths: {
          "ghcr.io": {},
          "quay.io": { identitytoken: "t0ken" },
          "ghcr.io/acme": { auth: auth("robot:x") },
        },
      }),
    );
    expect(credentials("ghcr.io")).toBeUndefined();
    expect(credentials("quay.io")).toBeUndefined();
    expect(notices).toHaveLength(4);
    expect(notices.join("\n")).toMatch(/"desktop" for all registries/);
    expect(notices.join("\n")).toMatch(/"ecr-login" for 123\.dkr\.ecr\.eu-west-1\.amazonaws\.com/);
    expect(notices.join("\n")).toMatch(/token for quay\.io/);
    expect(notices.join("\n")).toMatch(/"ghcr\.io\/acme" is not a registry host/);
    expect(notices.join("\n")).not.toMatch(/t0ken/);
  });

  test.each([
    ["no object", 7],
    ["a list of auths", { auths: [] }],
    ["an auth that is no text", { auths: { "ghcr.io": { auth: 7 } } }],
    ["an auth without a colon", { auths: { "ghcr.io": { auth: auth("s3cret") } } }],
  ])("are refused for %s, without telling any", (_what, config) => {
    const failure = failureOf(dockerCredentials(config));
    expect(failure.code).toBe("malformed");
    expect(failure.message).not.toContain("s3cret");
  });

  test("are read from a folder, where a missing file means none and a broken one is said", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lockkeeper-docker-"));
    expect(valueOf(await readDockerConfig(folder)).credentials("ghcr.io")).toBeUndefined();
    await writeFile(
      join(folder, "config.json"),
      JSON.stringify({ auths: { "ghcr.io": { auth: auth("robot:a:b") } } }),
    );
    expect(valueOf(await readDockerConfig(folder)).credentials("ghcr.io")).toEqual(robot);
    await writeFile(join(folder, "config.json"), '{"auths": s3cret');
    const failure = failureOf(await readDockerConfig(folder));
    expect(failure.message).toBe(`${join(folder, "config.json")} is not JSON`);
    await rm(folder, { recursive: true });
  });
});
