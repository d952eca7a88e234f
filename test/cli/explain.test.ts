import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runExplain } from "../../src/cli/explain.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { type SandboxRegistry, startRegistry } from "../../src/sandbox/registry.ts";

const credentials = { username: "robot", password: "secret" };
let registry: SandboxRegistry;
let folder: string;

beforeEach(async () => {
  registry = await startRegistry({ auth: "required", credentials });
  for (const tag of ["1.0.0", "1.1.0", "2.0.0", "1.2.0-rc.1", "1.1", "latest"])
    await registry.push("acme/web", tag);
  folder = await mkdtemp(join(tmpdir(), "lockkeeper-explain-"));
  await writeDockerConfig({
    auths: { [registry.host]: { auth: Buffer.from("robot:secret").toString("base64") } },
  });
});
afterEach(async () => {
  await registry.stop();
  await rm(folder, { recursive: true });
});

function writeDockerConfig(config: object): Promise<void> {
  return writeFile(join(folder, "config.json"), JSON.stringify(config));
}

async function explain(image: string, options: Parameters<typeof runExplain>[1] = {}) {
  const printed = { out: "", error: "" };
  const code = await runExplain(`${registry.host}/${image}`, options, {
    env: { DOCKER_CONFIG: folder, LOCKKEEPER_INSECURE_REGISTRIES: `other.example, ${registry.host}` },
    out: (text) => void (printed.out += text),
    error: (text) => void (printed.error += text),
    now: () => new Date(),
  });
  return { code, ...printed };
}

test("every tag is told, with why it would be taken or not", async () => {
  expect(await explain("acme/web:1.0.0", { policy: "semver:^1" })).toEqual({
    code: 0,
    error: "",
    out: `  2.0.0       out-of-range    is outside ^1
  1.2.0-rc.1  prerelease      is a prerelease, and the current one is a release
  1.1.0       chosen          is the latest that may follow 1.0.0
  1.0.0       current         is the current one
  1.1         not-comparable  has 2 numbers, not 3
  and 1 tag that is no version
1.1.0 is the latest version within ^1 that may follow 1.0.0. (minor)
`,
  });
});

test("as JSON it is one line with the same answer", async () => {
  const { out } = await explain("acme/web:1.0.0", { json: true });
  expect(out.trim().split("\n")).toHaveLength(1);
  expect(JSON.parse(out)).toMatchObject({
    image: `${registry.host}/acme/web`,
    current: "1.0.0",
    chosen: "2.0.0",
    kind: "major",
    skipped: 1,
  });
});

test("an image that is not there for a platform, or too young, is told as such", async () => {
  await registry.push("acme/web", "2.1.0", { platforms: ["linux/amd64"] });
  const { out } = await explain("acme/web:1.0.0");
  expect(out).toContain("  2.1.0       no-platform     is not there for linux/arm64\n");
  expect(out).toMatch(/^2\.0\.0 is taken, as 2\.1\.0 is not there for linux\/arm64\. \(major\)$/m);
  const young = await explain("acme/web:1.0.0", { policy: "semver:~1.1", minimumAge: "3d" });
  expect(young.out).toMatch(/ 1\.1\.0 +too-young +has to be 3d old, which it is from .* UTC on$/m);
});

test("tags are narrowed by pattern, extract and ignore list, as a configuration would", async () => {
  for (const build of ["9", "10", "11"]) await registry.push("acme/web", `main-${build}`);
  const options = { policy: "numerical", pattern: "^main-(?P<n>.*)$", extract: "$n", ignore: ["*-11"] };
  const { out } = await explain("acme/web:main-9", options);
  expect(out).toContain("  main-10     chosen          is the latest that may follow main-9\n");
  expect(out).toContain("  main-11     ignored         is one of those to ignore\n");
  expect(out).toContain("  1.1.0       filtered        does not match ^main-(?P<n>.*)$\n");
  expect(out).toMatch(/main-10 is the latest number of those that are asked for .* \(tag\)\n$/);
});

test("a digest is followed", async () => {
  expect(await explain("acme/web:latest", { policy: "digest" })).toMatchObject({
    code: 0,
    out: expect.stringContaining("latest is followed by its digest. (digest)"),
  });
});

test("an image that does not exist is told in one sentence", async () => {
  const { code, error, out } = await explain("acme/nothing:1.0.0");
  expect([code, out]).toEqual([1, ""]);
  expect(error).toBe(`lockkeeper: the tag list of ${registry.host}/acme/nothing does not exist (404)\n`);
});

test("a credential helper that is not used is told where credentials are missing", async () => {
  await writeDockerConfig({ credsStore: "desktop" });
  const { code, error } = await explain("acme/web:1.0.0");
  expect(code).toBe(1);
  expect(error).toMatch(/needs other credentials \(401\)\n.*desktop/);
});

test.each([
  ["an image that is none", "Acme/Web:1", {}, /image is written as/],
  ["a policy that is none", "acme/web:1.0.0", { policy: "newest" }, /unknown policy "newest"; write semver/],
  [
    "a range that is none",
    "acme/web:1.0.0",
    { policy: "semver:newest" },
    /--policy: "newest" is not a version range/,
  ],
  ["an extract without a pattern", "acme/web:1.0.0", { extract: "$1" }, /--extract: takes its parts from/],
  ["an age without a unit", "acme/web:1.0.0", { minimumAge: "3" }, /--minimum-age: "3" is not a duration/],
  ["a format that is none", "acme/web:1.0.0", { policy: "calver:now" }, /--policy: "now" is not a format/],
  ["no range", "acme/web:1.0.0", { policy: "semver:" }, /unknown policy "semver:"/],
])("%s is wrong usage, and no request is sent", async (_what, image, options, message) => {
  const answer = explain(image, options);
  await expect(answer).rejects.toThrow(UsageError);
  await expect(answer).rejects.toThrow(message);
  expect(registry.requests).toEqual([]);
});
