import { afterEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { check } from "../../../src/flows/check/check.ts";
import { rebuildPull } from "../../../src/flows/scan/rebuild.ts";
import type { Result } from "../../../src/model/failure.ts";
import type { PullRequest } from "../../../src/model/pull.ts";
import { emptyProtection } from "../../../src/sandbox/github/store.ts";
import { type ScanWorld, config as apps, pod, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

const staging = "apps/web/staging/web.yaml";
const signoff = "signoff: { default: { approvals: 0, anyOf: [write] } }\n";

let world: ScanWorld;
afterEach(() => world.stop());

async function start(
  automerge = "{ staging: [patch] }",
  { rules = signoff, pulls = "", files = {} }: { rules?: string; pulls?: string; files?: object } = {},
): Promise<void> {
  const config = `${apps}pulls: { automerge: ${automerge}${pulls} }\n${rules}`;
  const standing = { [staging]: pod("acme/web:1.0.0"), ...files };
  world = await startScan(
    { [configPath]: config, ...standing },
    ["acme/web:1.0.0", "acme/web:1.0.1"],
    ["grace"],
  );
}

/** What guards main; the check is pinned to the App, or to any. */
function protect(
  checks: readonly ("signoff" | "anybody" | "tests")[],
  { strict = false, mergeQueue = false } = {},
): void {
  const { appId } = world.github;
  const required = {
    signoff: { context: "lockkeeper/signoff", appId },
    anybody: { context: "lockkeeper/signoff", appId: null },
    tests: { context: "tests", appId: null },
  };
  const guard = { ...emptyProtection(), checks: checks.map((name) => required[name]), strict, mergeQueue };
  hub().protections.set("main", guard);
}

function hub() {
  return world.github.hub.store.repositories[0]!;
}

/** Lets somebody push past what guards main. */
function administrate(login: string): void {
  const account = [...hub().collaborators.keys()].find((each) => each.login === login)!;
  hub().collaborators.set(account, "admin");
}

async function bump(): Promise<PullRequest> {
  value(await world.scan());
  return (await world.bumps("open"))[0]!;
}

/** The check flow, as often as GitHub has not made up its mind. */
async function judge(sha: string): Promise<Result<void>> {
  const key = { flow: "check", repository: world.repository, sha } as const;
  for (let times = 0; times < 5; times++) {
    const judged = await check({ ...world.world }, key);
    await world.github.settle();
    if (judged.ok || judged.failure.code !== "conflict") return judged;
  }
  throw new Error("GitHub never knows");
}

async function facts(number: number) {
  const { merged, state, auto_merge, merged_by, head } = await world.ada("GET", `/pulls/${number}`);
  return { merged, state, auto: auto_merge?.merge_method ?? null, by: merged_by?.login, sha: head.sha };
}

async function pass(sha: string, name = "tests"): Promise<void> {
  await world.ada("POST", `/statuses/${sha}`, { context: name, state: "success" });
  await world.github.settle();
}

describe("a bump of a kind that merges by itself", () => {
  test("says so, and is merged at once where nothing else is awaited", async () => {
    await start();
    const pull = await bump();
    expect(pull.body).toContain("merges by itself as soon as it has that and every required check passes");
    value(await judge(pull.headSha));
    expect(await facts(pull.number)).toMatchObject({ merged: true, by: "lockkeeper[bot]" });
    expect(await world.read(staging)).toContain("web:1.0.1");
  });

  test("is left to GitHub where more is required beside our check, which merges it then", async () => {
    await start();
    protect(["signoff", "tests"]);
    const pull = await bump();
    value(await judge(pull.headSha));
    expect(await facts(pull.number)).toMatchObject({ merged: false, auto: "squash" });
    value(await judge(pull.headSha));
    await pass(pull.headSha);
    expect(await facts(pull.number)).toMatchObject({ merged: true, by: "lockkeeper[bot]" });
  });

  test.each([[["tests"]], [["anybody", "tests"]]] as const)(
    "is never left to GitHub where main requires only %j, and merged by us when all is there",
    async (checks) => {
      await start();
      protect(checks);
      const pull = await bump();
      value(await judge(pull.headSha));
      expect(await facts(pull.number)).toMatchObject({ merged: false, auto: null });
      await pass(pull.headSha);
      value(await judge(pull.headSha));
      expect(await facts(pull.number)).toMatchObject({ merged: true });
    },
  );

  test("is merged by us when all is there where the repository has no auto-merge", async () => {
    await start();
    hub().allowAutoMerge = false;
    protect(["signoff", "tests"]);
    const pull = await bump();
    value(await judge(pull.headSha));
    expect(await facts(pull.number)).toMatchObject({ merged: false, auto: null });
    await pass(pull.headSha);
    value(await judge(pull.headSha));
    expect(await facts(pull.number)).toMatchObject({ merged: true });
  });

  test("goes through the merge queue where there is one, and is not touched in there", async () => {
    await start();
    protect(["signoff"], { mergeQueue: true });
    const pull = await bump();
    value(await judge(pull.headSha));
    value(await judge(pull.headSha));
    expect(hub().queue.map((entry) => entry.pull.issue.number)).toEqual([pull.number]);
    await world.registry.push("acme/web", "1.0.2");
    value(await world.scan());
    expect(await facts(pull.number)).toMatchObject({ sha: pull.headSha, state: "open" });
    const asked = await rebuildPull({ ...world.world }, world.repository, {
      number: pull.number,
      discard: true,
    });
    expect(asked).toMatchObject({ ok: false, failure: { code: "rejected" } });
    hub().queue.length = 0;
    value(await world.scan());
    expect((await facts(pull.number)).sha).not.toBe(pull.headSha);
  });

  test("lands from the queue, once what it has built is judged as well", async () => {
    await start();
    protect(["signoff"], { mergeQueue: true });
    const pull = await bump();
    value(await judge(pull.headSha));
    const [entry] = hub().queue;
    value(await judge(entry!.headSha));
    await world.github.settle();
    expect(await facts(pull.number)).toMatchObject({ merged: true });
    expect(await world.read(staging)).toContain("web:1.0.1");
  });

  test("is not signed where a branch only bears the name of a queue's and holds more", async () => {
    await start();
    protect(["signoff"], { mergeQueue: true });
    const pull = await bump();
    const main = (await world.ada("GET", "/git/ref/heads/main")).object.sha;
    const branch = `gh-readonly-queue/main/pr-${pull.number}-${main}`;
    await world.ada("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: pull.headSha });
    const sha = await world.write("apps/web/staging/more.yaml", "# slipped in", branch);
    value(await judge(sha));
    const { check_runs: runs } = await world.ada("GET", `/commits/${sha}/check-runs`);
    expect(runs).toMatchObject([
      { conclusion: "failure", output: { summary: expect.stringContaining("more.yaml") } },
    ]);
    const odd = `gh-readonly-queue/main/pr-${pull.number}-${pull.headSha}`;
    await world.ada("POST", "/git/refs", { ref: `refs/heads/${odd}`, sha: pull.headSha });
    const other = await world.write("x", "y", odd);
    // It hangs together with nothing that leads from the default branch: there is no verdict.
    expect(await judge(other).catch((error: Error) => error.message)).toBe("GitHub never knows");
  });

  test("waits for its approval, and is not GitHub's to merge any more once that is gone", async () => {
    await start("{ staging: [patch] }", { rules: "" });
    protect(["signoff", "tests"]);
    const pull = await bump();
    value(await judge(pull.headSha));
    expect(await facts(pull.number)).toMatchObject({ merged: false, auto: null });
    world.pass();
    const review = await world.ada("POST", `/pulls/${pull.number}/reviews`, { event: "APPROVE", body: "ok" });
    world.pass();
    value(await judge(pull.headSha));
    expect(await facts(pull.number)).toMatchObject({ merged: false, auto: "squash" });
    const dismissal = `/pulls/${pull.number}/reviews/${review.id}/dismissals`;
    await world.ada("PUT", dismissal, { message: "no" });
    value(await judge(pull.headSha));
    expect(await facts(pull.number)).toMatchObject({ merged: false, auto: null });
  });

  test("is not GitHub's to merge any more once the configuration names it no longer", async () => {
    await start();
    protect(["signoff", "tests"]);
    const pull = await bump();
    value(await judge(pull.headSha));
    expect(await facts(pull.number)).toMatchObject({ merged: false, auto: "squash" });
    administrate("ada");
    await world.write(configPath, `${apps}pulls: { automerge: { staging: [major] } }\n${signoff}`);
    value(await judge(pull.headSha));
    expect(await facts(pull.number)).toMatchObject({ merged: false, auto: null });
    value(await world.scan());
    expect((await world.bumps("open"))[0]!.body).not.toContain("merges by itself");
  });
});

describe("never merged by itself is", () => {
  test.each<[string, Parameters<typeof start>]>([
    ["a kind that is not named", ["{ staging: [major, minor, digest, tag] }"]],
    ["a change of an environment that is not named", ["{ production: [patch] }"]],
    ["a draft", ["{ staging: [patch] }", { pulls: ", draft: true" }]],
    [
      "a change of which only a part is named",
      [
        "{ staging: [patch] }",
        {
          pulls: ", group: app",
          files: { [staging]: pod("acme/web:1.0.0", "acme/api:1.0.0") },
        },
      ],
    ],
  ])("%s", async (_, how) => {
    await start(...how);
    await world.registry.push("acme/api", "1.0.0");
    await world.registry.push("acme/api", "1.1.0");
    const pull = await bump();
    value(await judge(pull.headSha));
    expect(await facts(pull.number)).toMatchObject({ merged: false, auto: null });
  });

  test("what somebody else has pushed to", async () => {
    await start();
    protect(["signoff", "tests"]);
    const pull = await bump();
    value(await judge(pull.headSha));
    const sha = await world.write(staging, pod("acme/web:1.0.9"), pull.headBranch);
    value(await judge(sha));
    expect(await facts(pull.number)).toMatchObject({ merged: false, auto: null, sha });
  });

  test("a pull request of a person", async () => {
    await start();
    const main = await world.ada("GET", "/git/ref/heads/main");
    await world.ada("POST", "/git/refs", { ref: "refs/heads/lockkeeper/bump/x-1", sha: main.object.sha });
    const sha = await world.write(staging, pod("acme/web:1.0.1"), "lockkeeper/bump/x-1");
    const draft = { title: "x", head: "lockkeeper/bump/x-1", base: "main" };
    const { number } = await world.ada("POST", "/pulls", draft);
    value(await judge(sha));
    expect(await facts(number)).toMatchObject({ merged: false, auto: null });
  });
});

describe("where a branch must be up to date to merge", () => {
  test.each([
    [true, true],
    [false, false],
  ])("strict %s: a signed bump is built anew %s when main has moved on", async (strict, rebuilt) => {
    await start("{}");
    const pull = await bump();
    await world.write("README.md", "moved\n");
    protect(["signoff"], { strict });
    value(await judge(pull.headSha));
    const now = await facts(pull.number);
    expect(now.sha !== pull.headSha).toBe(rebuilt);
    value(await judge(now.sha));
    expect((await facts(pull.number)).sha).toBe(now.sha);
  });

  test("one that is not signed stays as it is", async () => {
    await start("{}", { rules: "" });
    const pull = await bump();
    await world.write("README.md", "moved\n");
    protect(["signoff"], { strict: true });
    value(await judge(pull.headSha));
    expect((await facts(pull.number)).sha).toBe(pull.headSha);
  });
});

test("a lost answer of the merge is made good by the next run, and nothing is merged twice", async () => {
  await start();
  const pull = await bump();
  world.github.faults.add({ kind: "bad-gateway", after: true, method: "PUT", match: "/repos/*/merge" });
  expect(await judge(pull.headSha)).toMatchObject({ ok: false, failure: { code: "unavailable" } });
  value(await judge(pull.headSha));
  value(await world.scan());
  expect(await facts(pull.number)).toMatchObject({ merged: true });
  expect((await world.ada("GET", "/commits?sha=main")).length).toBe(2);
});
