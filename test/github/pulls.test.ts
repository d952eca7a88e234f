import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RepositoryForge } from "../../src/ports/forge.ts";
import { type Setting, bytes, code, openSetting, value } from "./sandbox-forge.ts";

let setting: Setting;
let scan: RepositoryForge;
let head: string;
beforeAll(async () => {
  setting = await openSetting();
  scan = setting.forge.open(setting.repository, "scan");
  head = (await value(scan.code.head())).sha;
});
afterAll(() => setting.github.stop());

async function opened(branch: string, version: string): Promise<number> {
  await value(
    scan.code.writeBranch({
      branch,
      parent: head,
      files: new Map([["apps/web/deployment.yaml", bytes(`image: acme/web:${version}\n`)]]),
      message: `acme/web ${version}`,
      expected: null,
    }),
  );
  return (await value(scan.pulls.create({ title: version, body: "why", head: branch, base: "main" }))).number;
}

describe("pull requests", () => {
  test("are opened, listed by base, read, changed and closed", async () => {
    const number = await opened("lockkeeper/bump/a", "1.1.0");
    const listed = await value(scan.pulls.open("main"));
    expect(listed.find((pull) => pull.number === number)).toMatchObject({
      title: "1.1.0",
      state: "open",
      merged: false,
      headBranch: "lockkeeper/bump/a",
      headRepository: setting.repository.id,
      baseBranch: "main",
      author: { login: "lockkeeper[bot]", bot: true },
    });
    expect(await value(scan.pulls.open("elsewhere"))).toEqual([]);
    await value(scan.pulls.update(number, { title: "new title", state: "closed" }));
    expect(await value(scan.pulls.get(number))).toMatchObject({
      title: "new title",
      state: "closed",
      merged: false,
    });
    const { pulls: closed } = await value(scan.pulls.closed("lockkeeper/bump/"));
    expect(closed.map((pull) => pull.number)).toContain(number);
    expect(await value(scan.pulls.closed("lockkeeper/other/"))).toEqual({ pulls: [], complete: true });
  });

  test("a second one of a head, and one without a difference, are told as conflicts", async () => {
    await opened("lockkeeper/bump/b", "1.1.0");
    const again = { title: "x", body: "", head: "lockkeeper/bump/b", base: "main" };
    expect(await code(scan.pulls.create(again))).toBe("conflict");
    await setting.as("ada", "POST", "/git/refs", { ref: "refs/heads/same", sha: head });
    expect(await code(scan.pulls.create({ ...again, head: "same" }))).toBe("conflict");
  });

  test("are found by their head, where they go onto the default branch of a repository in use", async () => {
    const number = await opened("lockkeeper/bump/e", "1.5.0");
    const { headSha } = await value(scan.pulls.get(number));
    await setting.as("ada", "POST", "/git/refs", { ref: "refs/heads/elsewhere", sha: head });
    const aside = { title: "aside", head: "lockkeeper/bump/e", base: "elsewhere" };
    expect((await setting.as("ada", "POST", "/pulls", aside)).status).toBe(201);
    const found = await value(scan.pulls.withHead(headSha));
    expect(found.map((pull) => pull.number)).toEqual([number]);
    expect(await value(scan.pulls.withHead(head))).toEqual([]);
    const [repository] = setting.github.hub.store.repositories;
    repository!.archived = true;
    expect(await value(scan.pulls.withHead(headSha))).toEqual([]);
    repository!.archived = false;
  });

  test("files come by blob and reviews by who gave them", async () => {
    const number = await opened("lockkeeper/bump/c", "1.3.0");
    expect(await value(scan.pulls.files(number))).toMatchObject([
      { path: "apps/web/deployment.yaml", status: "modified", blob: expect.stringMatching(/^[0-9a-f]{40}$/) },
    ]);
    await setting.as("grace", "POST", `/pulls/${number}/reviews`, { event: "APPROVE", body: "fine" });
    expect(await value(scan.pulls.reviews(number))).toMatchObject([
      { author: { login: "grace", bot: false }, state: "approved" },
    ]);
  });

  test("a merged one says what landed, and is found by it", async () => {
    const number = await opened("lockkeeper/bump/d", "1.4.0");
    const { status } = await setting.as("ada", "PUT", `/pulls/${number}/merge`, { merge_method: "squash" });
    expect(status).toBe(200);
    const pull = await value(scan.pulls.get(number));
    expect(pull).toMatchObject({ state: "closed", merged: true });
    expect((await value(scan.code.head())).sha).toBe(pull.mergeCommitSha);
    const found = await value(scan.code.pullsOf(pull.mergeCommitSha!));
    expect(found.map((each) => each.number)).toEqual([number]);
  });
});

const report = (externalId: string) => ({
  name: "lockkeeper/signoff",
  sha: head,
  externalId,
  conclusion: "action_required" as const,
  title: "1 of 2 approvals",
  summary: "somebody has to look",
});

describe("checks", () => {
  test("are created, changed, and listed newest first", async () => {
    const { checks } = setting.forge.open(setting.repository, "check");
    const first = await value(checks.create(report("one")));
    await value(checks.update(first.id, { ...report("two"), conclusion: "success" }));
    const second = await value(checks.create(report("three")));
    const runs = await value(checks.list(head, "lockkeeper/signoff"));
    expect(runs.map((run) => [run.id, run.externalId, run.conclusion])).toEqual([
      [second.id, "three", "action_required"],
      [first.id, "two", "success"],
    ]);
    expect(runs[0]?.completedAt).not.toBeNull();
    expect(await value(checks.list(head, "lockkeeper/plan"))).toEqual([]);
  });
});

describe("people", () => {
  test("have the permission of their role", async () => {
    const { people } = setting.forge.open(setting.repository, "check");
    const asked = ["ada", "grace", "mallory", "nobody-at-all"].map((login) =>
      value(people.permission(login)),
    );
    expect(await Promise.all(asked)).toEqual(["maintain", "write", "read", "none"]);
  });

  test("are in a team or not", async () => {
    const { people } = setting.forge.open(setting.repository, "check");
    expect(await value(people.inTeam("acme/sre", "grace"))).toBe(true);
    expect(await value(people.inTeam("acme/sre", "ada"))).toBe(false);
    expect(await value(people.inTeam("acme/unknown", "grace"))).toBe(false);
  });
});
