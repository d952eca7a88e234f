import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyProtection } from "../../../src/sandbox/github/store.ts";
import { commitOn, openPull, setBranch, settled, tipOf } from "./pull-request.ts";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const pull = (number: number, rest = ""): string => `${world.home}/pulls/${number}${rest}`;
const told = async (): Promise<string[]> => {
  await world.github.settle();
  return world.receiver.take().filter((name) => name.startsWith("pull_request"));
};

describe("a pull request", () => {
  test("is opened, found by its head, edited, closed and opened again", async () => {
    await told();
    const { body: opened, status } = await openPull(world, "life", { "life.txt": "1\n" });
    expect([status, opened.mergeable, opened.commits, opened.changed_files]).toEqual([201, null, 1, 1]);
    expect(opened.user).toMatchObject({ login: "lockkeeper[bot]", type: "Bot" });
    const found = await world.app("GET", `${world.home}/pulls?head=acme:life&base=main`);
    expect(found.body.map((one: { number: number }) => one.number)).toEqual([opened.number]);
    await world.grace("PATCH", pull(opened.number), { title: "Better" });
    await world.grace("PATCH", pull(opened.number), { state: "closed" });
    expect((await world.app("GET", `${world.home}/pulls?head=acme:life`)).body).toEqual([]);
    expect((await world.grace("PATCH", pull(opened.number), { state: "open" })).body.state).toBe("open");
    expect(await told()).toEqual([
      "pull_request.opened",
      "pull_request.edited",
      "pull_request.closed",
      "pull_request.reopened",
    ]);
  });

  test.each(["pulls", "issues"])("is not opened again by /%s while its branch has another", async (at) => {
    const files = { "again.txt": at };
    const { number } = (await openPull(world, `again-${at}`, files)).body;
    const one = `${world.home}/${at}/${number}`;
    await world.grace("PATCH", one, { state: "closed" });
    const other = await openPull(world, `again-${at}`, files);
    expect((await world.grace("PATCH", one, { state: "open" })).status).toBe(422);
    await world.grace("PATCH", pull(other.body.number), { state: "closed" });
    const reopened = await world.grace("PATCH", pull(other.body.number), { state: "open" });
    expect(reopened.status).toBe(200);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ["of a head that has one", { head: "twin" }, /A pull request already exists for acme:twin\./],
    ["of nothing", { head: "main" }, /No commits between main and main/],
    ["from nowhere", { head: "nowhere" }, /"field":"head"/],
    ["to nowhere", { head: "twin", base: "nowhere" }, /"field":"base"/],
    ["without a title", { head: "twin", title: "" }, /missing_field/],
    ["with too much to say", { head: "twin", body: "x".repeat(65_537) }, /body is too long/],
  ])("is refused %s", async (_, fields, message) => {
    await openPull(world, "twin", { "twin.txt": "1\n" });
    const body = { title: "T", base: "main", ...fields };
    const refused = await world.app("POST", `${world.home}/pulls`, body);
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([422, expect.stringMatching(message)]);
  });

  test("learns late whether it can be merged, and learns it again when the base moves", async () => {
    const { number, mergeable_state } = (await openPull(world, "late", { "late.txt": "mine\n" })).body;
    expect(mergeable_state).toBe("unknown");
    expect((await settled(world, number)).body).toMatchObject({ mergeable: true, mergeable_state: "clean" });
    await setBranch(
      world,
      "main",
      await commitOn(world, await tipOf(world, "main"), { "late.txt": "yours\n" }),
    );
    expect((await world.app("GET", pull(number))).body.mergeable).toBeNull();
    expect((await settled(world, number)).body).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
    expect((await world.ada("PUT", pull(number, "/merge"))).status).toBe(405);
  });

  test("follows its branch, and closes for good when the head becomes the base", async () => {
    const { number, head } = (await openPull(world, "shrink", { "shrink.txt": "1\n" })).body;
    await told();
    const main = await tipOf(world, "main");
    const more = await commitOn(world, head.sha, { "shrink.txt": "2\n" });
    await setBranch(world, "shrink", more, world.grace);
    const followed = await world.app("GET", pull(number));
    expect([followed.body.head.sha, followed.body.commits]).toEqual([more, 2]);
    await setBranch(world, "shrink", main, world.grace);
    expect((await world.app("GET", pull(number))).body).toMatchObject({ state: "closed", merged: false });
    expect(await told()).toEqual([
      "pull_request.synchronize",
      "pull_request.synchronize",
      "pull_request.closed",
    ]);
    await setBranch(world, "shrink", more, world.grace);
    expect((await world.grace("PATCH", pull(number), { state: "open" })).status).toBe(422);
  });

  test("remembers when it was pointed at another base", async () => {
    const { number } = (await openPull(world, "aimed", { "aimed.txt": "1\n" })).body;
    const events = async () => (await world.app("GET", `${world.home}/issues/${number}/events`)).body;
    expect(await events()).toEqual([]);
    await setBranch(world, "elsewhere", await tipOf(world, "main"));
    await world.grace("PATCH", pull(number), { base: "elsewhere" });
    expect(await events()).toMatchObject([{ event: "base_ref_changed", actor: { login: "grace" } }]);
  });

  test("closes when its branch goes, and is merged when its head lands by a push", async () => {
    const gone = (await openPull(world, "gone", { "gone.txt": "1\n" })).body;
    await world.grace("DELETE", `${world.home}/git/refs/heads/gone`);
    expect((await world.app("GET", pull(gone.number))).body).toMatchObject({
      state: "closed",
      merged: false,
    });
    const landed = (await openPull(world, "landed", { "landed.txt": "1\n" })).body;
    await setBranch(world, "main", landed.head.sha, world.ada);
    const merged = (await world.app("GET", pull(landed.number))).body;
    expect(merged).toMatchObject({ state: "closed", merged: true, merge_commit_sha: landed.head.sha });
    expect(merged.merged_by.login).toBe("ada");
  });
});

describe("merging", () => {
  test.each([
    ["merge", 2, /^Merge pull request #\d+ from acme\/by-merge\n/],
    ["squash", 1, /^Change by-squash \(#\d+\)$/],
    ["rebase", 1, /^Change$/],
  ])("by %s lands a commit that names the pull request it came by", async (method, parents, message) => {
    const { number, head } = (await openPull(world, `by-${method}`, { [`${method}.txt`]: "1\n" })).body;
    await setBranch(
      world,
      "main",
      await commitOn(world, await tipOf(world, "main"), { [`${method}2`]: "x" }),
    );
    const before = await tipOf(world, "main");
    const merged = await world.ada("PUT", pull(number, "/merge"), { merge_method: method, sha: head.sha });
    expect(merged.body).toMatchObject({ merged: true });
    const commit = (await world.app("GET", `${world.home}/commits/main`)).body;
    expect([commit.sha, commit.parents.length, commit.parents[0].sha]).toEqual([
      merged.body.sha,
      parents,
      before,
    ]);
    expect(commit.commit.message).toMatch(message);
    const source = await world.app("GET", `${world.home}/commits/${commit.sha}/pulls`);
    expect(source.body.map((one: { number: number }) => one.number)).toEqual([number]);
    const [move] = (await world.app("GET", `${world.home}/activity?ref=main`)).body;
    expect([move.activity_type, move.actor.login, move.after]).toEqual(["pr_merge", "ada", commit.sha]);
    expect((await world.app("GET", pull(number, "/merge"))).status).toBe(204);
    expect((await world.ada("PUT", pull(number, "/merge"))).status).toBe(405);
  });

  test("is refused when the head is not the one that was seen", async () => {
    const { number } = (await openPull(world, "moved", { "moved.txt": "1\n" })).body;
    const stale = await world.ada("PUT", pull(number, "/merge"), { sha: await tipOf(world, "main") });
    expect(stale).toMatchObject({
      status: 409,
      body: { message: "Head branch was modified. Review and try the merge again." },
    });
  });

  test("waits for the required check of the App that it is pinned to, whoever else has said so", async () => {
    const { github, repository } = world;
    const context = "lockkeeper/signoff";
    const protection = { ...emptyProtection(), requirePullRequest: true };
    protection.checks.push({ context, appId: github.appId });
    repository.protections.set("main", protection);
    const { number, head } = (await openPull(world, "gated", { "gated.txt": "1\n" })).body;
    const merge = async (): Promise<unknown[]> => {
      const { status, body } = await world.linus("PUT", pull(number, "/merge"));
      return [status, body.message];
    };
    const check = (conclusion: string): Promise<unknown> =>
      world.app("POST", `${world.home}/check-runs`, { name: context, head_sha: head.sha, conclusion });
    const expected = [405, `Required status check "${context}" is expected.`];
    expect(await merge()).toEqual(expected);
    await world.grace("POST", `${world.home}/statuses/${head.sha}`, { state: "success", context });
    expect(await merge()).toEqual(expected);
    expect((await settled(world, number)).body.mergeable_state).toBe("blocked");
    await check("action_required");
    expect(await merge()).toEqual([405, `Required status check "${context}" is failing.`]);
    await check("success");
    expect(await merge()).toEqual([200, "Pull Request successfully merged"]);
    repository.protections.delete("main");
  });

  test("an outdated branch takes its base in", async () => {
    const { number, head } = (await openPull(world, "outdated", { "outdated.txt": "1\n" })).body;
    expect((await world.grace("PUT", pull(number, "/update-branch"), {})).status).toBe(422);
    const main = await commitOn(world, await tipOf(world, "main"), { "news.txt": "1\n" });
    await setBranch(world, "main", main);
    expect((await world.grace("PUT", pull(number, "/update-branch"), {})).status).toBe(202);
    const after = await tipOf(world, "outdated");
    const { parents } = (await world.app("GET", `${world.home}/commits/${after}`)).body;
    expect(parents.map((one: { sha: string }) => one.sha)).toEqual([head.sha, main]);
    const files = await world.app("GET", pull(number, "/files"));
    expect(files.body.map((one: { filename: string }) => one.filename)).toEqual(["outdated.txt"]);
  });
});

describe("reviews", () => {
  test("of one's own pull request are comments at most", async () => {
    const { number } = (await openPull(world, "own", { "own.txt": "1\n" }, world.grace)).body;
    const say = async (event: string): Promise<number> =>
      (await world.grace("POST", pull(number, "/reviews"), { event, body: "hm" })).status;
    expect([await say("APPROVE"), await say("REQUEST_CHANGES"), await say("COMMENT")]).toEqual([
      422, 422, 200,
    ]);
    const refused = await world.grace("POST", pull(number, "/reviews"), { event: "APPROVE" });
    expect(refused.body.errors).toEqual(["Can not approve your own pull request"]);
  });

  test("are drafted, submitted, dismissed, and move along with a forced head", async () => {
    const { number, head } = (await openPull(world, "reviewed", { "reviewed.txt": "1\n" })).body;
    await told();
    const draft = (await world.ada("POST", pull(number, "/reviews"), {})).body;
    expect((await world.app("GET", pull(number, "/reviews"))).body).toEqual([]);
    const event = { event: "APPROVE" };
    const sent = await world.ada("POST", pull(number, `/reviews/${draft.id}/events`), event);
    expect(sent.body).toMatchObject({ state: "APPROVED", commit_id: head.sha });
    const further = await commitOn(world, head.sha, { "reviewed.txt": "2\n" });
    await setBranch(world, "reviewed", further);
    const commitId = async (): Promise<string> =>
      (await world.app("GET", pull(number, "/reviews"))).body[0].commit_id as string;
    expect(await commitId()).toBe(head.sha);
    const rewritten = await commitOn(world, await tipOf(world, "main"), { "reviewed.txt": "3\n" });
    await setBranch(world, "reviewed", rewritten);
    expect(await commitId()).toBe(rewritten);
    const dismissed = await world.linus("PUT", pull(number, `/reviews/${draft.id}/dismissals`), {
      message: "changed since",
    });
    expect(dismissed.body.state).toBe("DISMISSED");
    expect((await told()).filter((name) => name.includes("review"))).toEqual([
      "pull_request_review.submitted",
      "pull_request_review.dismissed",
    ]);
  });

  test("are asked of people and teams, and no longer once given", async () => {
    const { number } = (await openPull(world, "asked", { "asked.txt": "1\n" })).body;
    await told();
    const path = pull(number, "/requested_reviewers");
    await world.app("POST", path, { reviewers: ["grace", "linus"], team_reviewers: ["sre"] });
    await world.grace("POST", pull(number, "/reviews"), { event: "APPROVE" });
    const asked = (await world.app("GET", path)).body;
    expect(asked.users.map((one: { login: string }) => one.login)).toEqual(["linus"]);
    expect(asked.teams.map((one: { slug: string }) => one.slug)).toEqual(["sre"]);
    await world.app("DELETE", path, { reviewers: ["linus"], team_reviewers: ["sre"] });
    expect((await world.app("GET", path)).body).toEqual({ users: [], teams: [] });
    const stranger = await world.app("POST", path, { reviewers: ["lockkeeper[bot]"] });
    expect(stranger.status).toBe(422);
    expect((await told())[0]).toBe("pull_request.review_requested");
  });
});
