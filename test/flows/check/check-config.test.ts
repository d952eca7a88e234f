import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { changeImage, checkOnce, pushFile, openPull } from "../signoff-steps.ts";
import { type SignoffWorld, config, startSignoff } from "../signoff-world.ts";
import { value } from "../user-call.ts";

let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff();
});

afterEach(() => signoff.github.stop());

/** The newest check of the configuration on a commit, with its annotations. */
async function checkOf(sha: string) {
  value(await checkOnce(signoff, sha));
  const { check_runs: runs } = await signoff.as(
    "ada",
    "GET",
    `/commits/${sha}/check-runs?check_name=lockkeeper/config&filter=all`,
  );
  const [run] = runs;
  if (run === undefined) return undefined;
  const annotations = await signoff.as("ada", "GET", `/check-runs/${run.id}/annotations`);
  return { ...run, count: runs.length, annotations };
}

async function propose(text: string): Promise<string> {
  const sha = await pushFile(signoff, "linus", "edit", { path: configPath, text });
  await openPull(signoff, "linus", "edit");
  return sha;
}

describe("a pull request that edits the configuration", () => {
  test("is told of every mistake beside its line", async () => {
    const sha = await propose(config.replace("mode: apply", "mode: aply\n    wait: 5"));
    expect(await checkOf(sha)).toMatchObject({
      conclusion: "failure",
      output: { title: "2 problems: Lockkeeper would do nothing here." },
      annotations: [
        {
          path: configPath,
          start_line: 4,
          annotation_level: "failure",
          message: expect.stringContaining("apps[0].mode"),
        },
        {
          path: configPath,
          start_line: 5,
          annotation_level: "failure",
          message: expect.stringContaining("apps[0].wait"),
        },
      ],
    });
  });

  test("is told what would be another way, and for whom", async () => {
    const edited = config
      .replace("mode: apply", "mode: propose")
      .replace(
        "need: { approvals: 1, anyOf: [team:acme/sre] }",
        "need: { approvals: 2, anyOf: [team:acme/sre] }",
      );
    const sha = await propose(
      `${edited}images: [{ match: "**", policy: { semver: ^1 } }]\npulls: { limit: 3 }\n`,
    );
    const check = await checkOf(sha);
    expect(check).toMatchObject({ conclusion: "success", output: { title: "The configuration is fine." } });
    const { summary } = check!.output;
    expect(summary).toMatch(/`apps\/web\/production` \| `.*: apply.*` \| `.*: propose.*`/);
    expect(summary).toMatch(/`registry.example\/acme\/web in production` \| `semver` \| `semver:\^1`/);
    expect(summary).toMatch(
      /`web-production: every change` \| one approval of `acme\/sre` \| 2 approvals of `acme\/sre`/,
    );
    expect(summary).toMatch(/`limit` \| `10` \| `3`/);
  });

  test("is told of what can have no effect, as a warning", async () => {
    const rule =
      "    - { name: lost, when: { environment: prod }, need: { approvals: 1, anyOf: [write] } }\n";
    const sha = await propose(config + rule);
    expect(await checkOf(sha)).toMatchObject({
      conclusion: "success",
      output: { title: "Understood, with 1 doubt." },
      annotations: [
        { start_line: 12, annotation_level: "warning", message: expect.stringContaining("can never match") },
      ],
    });
  });

  test("is told once", async () => {
    const sha = await propose(`${config}pulls: { limit: 3 }\n`);
    await checkOf(sha);
    expect(await checkOf(sha)).toMatchObject({ count: 1 });
  });

  test("is the only one that gets this check", async () => {
    const { sha } = await changeImage(signoff, "mallory");
    expect(await checkOf(sha)).toBeUndefined();
  });
});
