import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UsageError } from "../../src/cli/usage-error.ts";
import { runValidate } from "../../src/cli/validate.ts";

let folder: string;
const printed = { out: "", error: "" };
const example = join(import.meta.dirname, "..", "..", "examples", "gitops");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockkeeper-validate-"));
  Object.assign(printed, { out: "", error: "" });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<string> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
  return join(folder, path);
}

function validate(file: string): Promise<number> {
  return runValidate(file, {
    env: {},
    out: (text) => void (printed.out += text),
    error: (text) => void (printed.error += text),
    watched: false,
  });
}

describe("lockkeeper validate", () => {
  test.each(["acme/gitops/.github/lockkeeper.yml", "targets.yml"])(
    "finds nothing wrong with the example's %s",
    async (file) => {
      expect(await validate(join(example, file))).toBe(0);
      expect(printed).toMatchObject({ out: expect.stringContaining("is fine."), error: "" });
    },
  );

  test("tells all problems at once, each below its line", async () => {
    const file = await put("lockkeeper.yml", "apps:\n  - path: web\n    mod: apply\n    wait: 5\n");
    expect(await validate(file)).toBe(1);
    expect(printed.error).toBe(
      [
        `${file}:2:5: apps[0].mode: is missing; it must be "observe" or "propose" or "gate" or "apply"`,
        "2 |   - path: web",
        "        ^",
        "",
        `${file}:3:5: apps[0]: unknown setting "mod"; did you mean "mode"?`,
        "3 |     mod: apply",
        "        ^",
        "",
        `${file}:4:11: apps[0].wait: must be a duration with its unit, like 90s, 5m, 1h or 3d`,
        "4 |     wait: 5",
        "              ^",
        "",
        "3 problems.",
        "",
      ].join("\n"),
    );
  });

  test("tells of rules and folders that can never match, and of apps within each other", async () => {
    await put("apps/web/prod/web.yaml", "");
    const file = await put(
      ".github/lockkeeper.yml",
      `apps:
  - { match: "apps/{app}/{stage}", environment: "{stage}", mode: apply }
  - { path: apps/web, mode: apply }
  - { path: gone, mode: apply }
signoff:
  rules:
    - { name: typo, when: { environment: prodd }, need: { approvals: 1, anyOf: [write] } }
`,
    );
    expect(await validate(file)).toBe(1);
    expect(printed.error).toContain('the app "apps/web/prod" lies within the app "apps/web"');
    expect(printed.error).toMatch(/:4:5: no folder of the repository matches "gone"/);
    expect(printed.error).toMatch(/:7:7: rule "typo" can never match: no app has the environment "prodd"/);
  });

  test("knows a targets file by its key", async () => {
    const file = await put("any.yml", "targets: [{ repository: acme }]");
    expect(await validate(file)).toBe(1);
    expect(printed.error).toContain("targets[0].namespaces: is missing");
  });

  test.each([["missing.yml"], ["."]])("is wrong usage for %s", async (file) => {
    await expect(validate(join(folder, file))).rejects.toThrow(UsageError);
  });

  test("survives a file that is made to hurt", async () => {
    expect(await validate(await put("x.yml", "[".repeat(5000)))).toBe(1);
    expect(printed.error).toContain("nested deeper than 64 levels");
    await expect(validate(await put("big.yml", "x".repeat(2 ** 21)))).rejects.toThrow(/1 MiB/);
  });
});
