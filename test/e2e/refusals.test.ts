/** What people see when they call the command line wrongly. */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockkeeper, root } from "./processes.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "lockkeeper-refusals-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

const block = /^(?!.*\n\s+at )[\s\S]{10,2000}$/;

describe("wrong usage exits 2 and says what would be right:", () => {
  test.each<[string, readonly string[], string]>([
    ["no such command", ["demoo"], "Did you mean demo"],
    ["no such option", ["demo", "--headles"], "--headless"],
    ["no such cluster", ["demo", "--cluster", "minikube"], "kube-apiserver"],
    ["nobody to ask", ["demo"], "--headless"],
    ["no such seed", ["sandbox", "--seed", "/nowhere"], "seed.yml"],
    ["no such manifest", ["sandbox", "--app", "/nowhere/app.yml"], "/nowhere/app.yml"],
  ])("%s", async (_what, args, right) => {
    const { code, stdout, stderr } = await lockkeeper(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(new RegExp(right));
    expect(stderr).toMatch(block);
  });
});

test("validate shows every problem of a broken config with its line and column, and exits 1", async () => {
  const file = join(place, "lockkeeper.yml");
  await writeFile(
    file,
    'apps:\n  - match: "apps/{app}"\n    mode: aply\nimages:\n  - policy: { semver: ">=one" }\n',
  );
  const { code, stdout, stderr } = await lockkeeper(["validate", file]);
  const said = stdout + stderr;
  expect(code).toBe(1);
  expect(said).toMatch(/lockkeeper\.yml:3:\d+/);
  expect(said).toMatch(/lockkeeper\.yml:5:\d+/);
  expect(said).toMatch(block);
});

test("`npx lockkeeper serve` refuses a well-known webhook secret and names the setting", async () => {
  const env = { ...process.env, APP_ID: "1", WEBHOOK_SECRET: "development" };
  const npx = new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile("npx", ["lockkeeper", "serve"], { cwd: root, env, timeout: 60_000 }, (error, _stdout, stderr) =>
      resolve({ code: error?.code, stderr }),
    );
  });
  const { code, stderr } = await npx;
  expect(code).toBe(2);
  expect(stderr).toContain("WEBHOOK_SECRET");
  expect(stderr).toMatch(block);
});
