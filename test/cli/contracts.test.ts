/** What scripts and other programs hold on to: shapes of JSON, exit codes, settings and names, which may only be added to. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { branchPrefix } from "../../src/plan/branch.ts";
import { signoffCheck } from "../../src/signoff/check-name.ts";
import { fieldManager } from "../../src/rollout/app-hash.ts";
import { makeMarker } from "../../src/text/marker.ts";
import { type SandboxProcess, lockkeeper, root, startSandboxProcess } from "../e2e/processes.ts";

let sandbox: SandboxProcess;
let folder: string;
let insecure: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockkeeper-contracts-"));
  sandbox = await startSandboxProcess({ cluster: "in-memory" });
  insecure = { LOCKKEEPER_INSECURE_REGISTRIES: new URL(sandbox.addresses.registry.url).host };
});

afterAll(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

/** Writes a manifest with an image of the sandbox, and returns that image. */
async function manifest(): Promise<string> {
  const image = `${new URL(sandbox.addresses.registry.url).host}/acme/web:1.0.0`;
  const text = `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n    - image: ${image}\n      name: web\n`;
  await writeFile(join(folder, "pod.yaml"), text);
  return image;
}

const stackLine = /^\s+at .+:\d+:\d+/m;

describe("sandbox --json", () => {
  test("says where everything listens", () => {
    const { github, registry, cluster } = sandbox.addresses;
    expect(github).toEqual({
      apiUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      webUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      appId: expect.any(Number),
      privateKeyFile: expect.stringMatching(/\.pem$/),
      webhookSecret: expect.stringMatching(/^.{32,}$/),
      users: Object.fromEntries(
        ["ada", "grace", "linus", "mallory"].map((login) => [login, expect.any(String)]),
      ),
    });
    expect(registry).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    expect(cluster).toEqual({
      kubeconfig: expect.any(String),
      kind: "in-memory",
      version: expect.stringMatching(/^v\d+\.\d+\.\d+/),
    });
  });
});

describe("scan --json", () => {
  test("has for each image its place, what it could become and why", async () => {
    const image = await manifest();
    const { code, stdout } = await lockkeeper(["scan", folder, "--json"], insecure);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      images: [
        {
          file: "pod.yaml",
          line: 6,
          column: "    - image: ".length + image.indexOf(":1.0.0") + 2,
          path: expect.any(String),
          shape: expect.any(String),
          image: image.replace(/:1\.0\.0$/, ""),
          current: "1.0.0",
          digest: null,
          candidate: null,
          candidateDigest: null,
          policy: expect.any(String),
          reason: expect.stringMatching(/./),
        },
      ],
      skipped: [],
      requests: { registry: expect.any(Number) },
    });
  });

  test("has the file, line and reason of what it skipped", async () => {
    await writeFile(
      join(folder, "broken.yaml"),
      "kind: Pod\nspec: { containers: [{ image: acme/web:1.0.0 }\n",
    );
    const { stdout } = await lockkeeper(["scan", folder, "--json"], insecure);
    await rm(join(folder, "broken.yaml"));
    const { skipped } = JSON.parse(stdout) as { skipped: unknown };
    expect(skipped).toEqual([{ file: "broken.yaml", line: expect.any(Number), reason: expect.any(String) }]);
  });
});

describe("diff --json", () => {
  test("tells a created object, with 1", async () => {
    await manifest();
    const environment = { KUBECONFIG: sandbox.addresses.cluster.kubeconfig };
    const { code, stdout } = await lockkeeper(["diff", folder, "--json"], environment);
    expect({ code, ...(JSON.parse(stdout) as object) }).toEqual({
      code: 1,
      objects: [
        { object: "Pod default/web", file: "pod.yaml", line: 1, change: "created", fields: [], reason: null },
      ],
    });
  });
});

describe("exit codes and errors", () => {
  test.each([
    ["a file that is fine", ["validate", "examples/gitops/targets.yml"], 0],
    ["no command", [], 2],
    ["an unknown command", ["hoist"], 2],
    ["a missing file", ["validate", "missing.yml"], 2],
    ["a folder for a file", ["validate", "src"], 2],
    ["a file for a folder", ["scan", "README.md"], 2],
    ["an App manifest that is no YAML", ["sandbox", "--app", "README.md"], 2],
    ["a webhook URL that is none", ["sandbox", "--webhook-url", "nonsense"], 2],
    ["a cluster that cannot be reached", ["diff", "examples/gitops/acme/gitops"], 2],
    ["nothing set", ["serve"], 2],
    ["an image that cannot be one", ["explain", "not an image"], 2],
  ])("%s", async (_what, args, expected) => {
    const { code, stdout, stderr } = await lockkeeper(args, { KUBECONFIG: "/nonexistent" });
    expect({ code, stack: stackLine.test(stderr) }).toEqual({ code: expected, stack: false });
    expect(expected === 0 ? stderr : stdout).toBe("");
  });

  test("validate tells every problem with its line and column, with 1", async () => {
    const file = join(folder, "broken-settings.yml");
    await writeFile(file, "apps:\n  - match: 7\npulls:\n  limit: none\nsurprise: true\n");
    const { code, stderr } = await lockkeeper(["validate", file]);
    await rm(file);
    expect(code).toBe(1);
    const places = [...stderr.matchAll(/broken-settings\.yml:(\d+):(\d+): /g)].map(([, line]) =>
      Number(line),
    );
    expect(places).toEqual(expect.arrayContaining([2, 4, 5]));
  });

  test("a reader that goes away, as head does, changes no exit code", async () => {
    const child = spawn(process.execPath, [join(root, "src", "main.ts"), "--help"], { stdio: "pipe" });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
    expect(await once(child, "close")).toEqual([0, null]);
    expect(said).toBe("");
  });
});

describe("serve", () => {
  test("does not start on bad settings, and names each", async () => {
    const bad = {
      APP_ID: "x",
      PRIVATE_KEY_PATH: "/nonexistent",
      WEBHOOK_SECRET: "development",
      GITHUB_API_URL: "http://github.example.com",
      PORT: "70000",
      LOCKKEEPER_TARGETS: "/nonexistent",
      LOCKKEEPER_INSECURE_REGISTRIES: "*.example.com",
      LOCKKEEPER_SCAN_SCHEDULE: "soon",
      LOCKKEEPER_RESYNC_SECONDS: "0",
      LOG_LEVEL: "loud",
      LOG_FORMAT: "xml",
    };
    const { code, stderr } = await lockkeeper(["serve"], bad);
    expect(code).toBe(2);
    const named = [...stderr.matchAll(/^ {2}\S* ?\(?([A-Z_]+)\b/gm)].map(([line]) => line);
    for (const setting of Object.keys(bad)) expect(named.join("\n")).toContain(setting);
  });
});

test("names that others match on", () => {
  expect({ branchPrefix, signoffCheck, fieldManager }).toEqual({
    branchPrefix: "lockkeeper/bump/",
    signoffCheck: "lockkeeper/signoff",
    fieldManager: "lockkeeper",
  });
  expect(makeMarker("bump", {})).toBe("<!-- lockkeeper:bump {} -->");
});

test("SIGTERM ends the sandbox with 0, which has printed one line", async () => {
  sandbox.signal("SIGTERM");
  expect(await sandbox.ended).toBe(0);
  expect(sandbox.tail().match(/\n/g)).toHaveLength(1);
});
