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

async function explain(image: string, options: { policy?: string; json?: boolean } = {}) {
  const printed = { out: "", error: "" };
  const code = await runExplain(`${registry.host}/${image}`, options, {
    env: { DOCKER_CONFIG: folder, LOCKKEEPER_INSECURE_REGISTRIES: `other.example, ${registry.host}` },
    out: (text) => void (printed.out += text),
    error: (text) => void (printed.error += text),
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
  ["no range", "acme/web:1.0.0", { policy: "semver:" }, /unknown policy "semver:"/],
])("%s is wrong usage, and no request is sent", async (_what, image, options, message) => {
  const answer = explain(image, options);
  await expect(answer).rejects.toThrow(UsageError);
  await expect(answer).rejects.toThrow(message);
  expect(registry.requests).toEqual([]);
});
