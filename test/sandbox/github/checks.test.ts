import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const runs = (): string => `${world.home}/check-runs`;
const ofHead = (query = ""): string => `${world.home}/commits/${world.head}/check-runs${query}`;
const told = async (): Promise<string[]> => {
  await world.github.settle();
  return world.receiver.take();
};
const check = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: "lockkeeper/signoff",
  head_sha: world.head,
  ...more,
});
const post = (more: Record<string, unknown>): ReturnType<World["grace"]> =>
  world.grace("POST", `${world.home}/statuses/${world.head}`, { state: "success", ...more });
const annotation = {
  path: "README.md",
  start_line: 1,
  end_line: 1,
  annotation_level: "notice",
  message: "hm",
};

function repeated<T>(times: number, value: T): T[] {
  return Array.from({ length: times }, () => value);
}

describe("check runs", () => {
  test("are written by Apps only, and changed only by the one that wrote them", async () => {
    const refused = await world.ada("POST", runs(), check());
    expect(refused.status).toBe(403);
    expect((await (await world.tokenFor({ checks: "read" }))("POST", runs(), check())).status).toBe(403);
    expect((await world.app("POST", runs(), check({ head_sha: "0".repeat(40) }))).status).toBe(422);
  });

  test("are completed by a conclusion, and say so with events", async () => {
    await told();
    const made = await world.app("POST", runs(), check({ status: "in_progress", external_id: "1 abc" }));
    expect(made.body).toMatchObject({ status: "in_progress", conclusion: null, external_id: "1 abc" });
    const output = { title: "2 of 2", summary: "signed off", annotations: [annotation] };
    const one = `${runs()}/${made.body.id}`;
    const done = await world.app("PATCH", one, { conclusion: "success", output });
    expect(done.body).toMatchObject({ status: "completed", conclusion: "success" });
    expect(done.body.output.annotations_count).toBe(1);
    expect((await world.app("GET", `${one}/annotations`)).body[0]).toMatchObject({ message: "hm" });
    expect((await told()).filter((name) => name.startsWith("check_run"))).toEqual([
      "check_run.created",
      "check_run.completed",
    ]);
  });

  test("are listed for a commit: the latest of a name, or all, of one App", async () => {
    await world.app("POST", runs(), check({ conclusion: "action_required" }));
    const last = await world.app("POST", runs(), check({ conclusion: "success" }));
    const named = "check_name=lockkeeper/signoff";
    const latest = await world.app("GET", ofHead(`?${named}&app_id=${world.github.appId}`));
    expect(latest.body.check_runs.map(({ id }: { id: number }) => id)).toEqual([last.body.id]);
    const all = await world.app("GET", ofHead(`?${named}&filter=all&per_page=1`));
    expect(all.body.total_count).toBeGreaterThan(1);
    expect(all.headers.get("link")).toContain('rel="next"');
    expect((await world.app("GET", ofHead(`?${named}&app_id=1`))).body.total_count).toBe(0);
    expect(
      (await world.app("GET", `${world.home}/commits/main/check-runs`)).body.total_count,
    ).toBeGreaterThan(0);
  });

  test.each([
    ["summary over 65,535", { output: { title: "t", summary: "x".repeat(65_536) } }],
    ["text over 65,535", { output: { title: "t", summary: "s", text: "x".repeat(65_536) } }],
    ["51 annotations", { output: { title: "t", summary: "s", annotations: repeated(51, annotation) } }],
    ["four buttons", { actions: repeated(4, { label: "a", description: "b", identifier: "c" }) }],
    ["a long label", { actions: [{ label: "x".repeat(21), description: "b", identifier: "c" }] }],
    ["an unknown conclusion", { conclusion: "approved" }],
    ["completed without conclusion", { status: "completed" }],
  ])("are refused with %s", async (_, more) => {
    const before = (await world.app("GET", ofHead("?filter=all"))).body.total_count;
    expect((await world.app("POST", runs(), check(more))).status).toBe(422);
    expect((await world.app("GET", ofHead("?filter=all"))).body.total_count).toBe(before);
  });

  test("take text up to the limits, and 50 annotations more with every update", async () => {
    const output = { title: "t", summary: "x".repeat(65_535), annotations: repeated(50, annotation) };
    const made = await world.app("POST", runs(), check({ output }));
    const more = await world.app("PATCH", `${runs()}/${made.body.id}`, { output });
    expect(more.body.output.annotations_count).toBe(100);
  });

  test("and suites can be asked for again", async () => {
    const made = await world.app("POST", runs(), check({ conclusion: "failure" }));
    await told();
    expect((await world.app("POST", `${runs()}/${made.body.id}/rerequest`)).status).toBe(201);
    const suites = await world.app("GET", `${world.home}/commits/main/check-suites`);
    expect(suites.body.check_suites).toHaveLength(1);
    const suite = `${world.home}/check-suites/${made.body.check_suite.id}`;
    expect((await world.app("GET", suite)).body.conclusion).toBe("failure");
    expect((await world.app("GET", `${suite}/check-runs`)).body.total_count).toBeGreaterThan(0);
    await world.app("POST", `${suite}/rerequest`);
    expect(await told()).toEqual(["check_run.rerequested", "check_suite.rerequested"]);
  });
});

test("a push asks the App for its checks, once per commit", async () => {
  await told();
  const branch = "more";
  await world.app("POST", runs(), check());
  await world.grace("POST", `${world.home}/git/refs`, { ref: `refs/heads/${branch}`, sha: world.head });
  expect(await told()).toEqual(["check_run.created", "push"]);
  const content = Buffer.from("more").toString("base64");
  const made = await world.grace("PUT", `${world.home}/contents/more.txt`, {
    message: "More",
    content,
    branch,
  });
  expect((await told()).toSorted()).toEqual(["check_suite.requested", "push"]);
  const suites = await world.app("GET", `${world.home}/commits/${made.body.commit.sha}/check-suites`);
  expect(suites.body.check_suites[0]).toMatchObject({ status: "queued", head_branch: branch });
});

describe("commit statuses", () => {
  test("are set by whoever may push, and combined by context", async () => {
    await told();
    await post({ context: "ci/build", state: "pending" });
    await post({ context: "ci/build" });
    expect((await world.app("GET", `${world.home}/commits/main/status`)).body).toMatchObject({
      state: "success",
      total_count: 1,
    });
    await post({ context: "ci/test", state: "error", description: "broken" });
    expect((await world.app("GET", `${world.home}/commits/main/status`)).body.state).toBe("failure");
    expect((await world.app("GET", `${world.home}/commits/main/statuses`)).body).toHaveLength(3);
    expect(await told()).toEqual(["status", "status", "status"]);
    expect(
      (await world.mallory("POST", `${world.home}/statuses/${world.head}`, { state: "success" })).status,
    ).toBe(403);
  });

  test("have short descriptions and a commit", async () => {
    expect((await post({ description: "x".repeat(141) })).status).toBe(422);
    expect((await post({ state: "green" })).status).toBe(422);
    const nowhere = `${world.home}/statuses/${"0".repeat(40)}`;
    expect((await world.grace("POST", nowhere, { state: "success" })).status).toBe(422);
  });

  test("end at a thousand for one commit and context, for ever", async () => {
    const status = world.repository.statuses[0]!;
    for (let n = 0; n < 1000; n += 1) world.repository.statuses.push({ ...status, context: "busy" });
    expect((await post({ context: "busy" })).status).toBe(422);
    expect((await post({ context: "other" })).status).toBe(201);
  });
});

describe("what guards a branch", () => {
  test("is told as rules with the App that a check is pinned to", async () => {
    const { github, repository } = world;
    const protection = {
      checks: [{ context: "lockkeeper/signoff", appId: github.appId }],
      requirePullRequest: true,
      requiredApprovals: 1,
      dismissStale: false,
      lastPushApproval: false,
      strict: false,
      enforceAdmins: false,
      allowForcePushes: false,
      mergeQueue: false,
    };
    const id = github.hub.store.nextId();
    const createdAt = new Date();
    repository.rulesets.push({
      id,
      name: "main",
      enforcement: "active",
      branches: ["~DEFAULT_BRANCH"],
      protection,
      createdAt,
    });
    const { body } = await world.app("GET", `${world.home}/rules/branches/main`);
    const rule = body.find(({ type }: { type: string }) => type === "required_status_checks");
    expect(rule.parameters.required_status_checks).toEqual([
      { context: "lockkeeper/signoff", integration_id: github.appId },
    ]);
    expect((await world.app("GET", `${world.home}/rules/branches/other`)).body).toEqual([]);
    repository.protections.set("main", protection);
    const classic = `${world.home}/branches/main/protection`;
    expect((await world.ada("GET", classic)).body.required_status_checks.checks).toEqual([
      { context: "lockkeeper/signoff", app_id: github.appId },
    ]);
    // Classic protection wants a permission that the App does not have.
    expect((await world.app("GET", classic)).status).toBe(403);
    expect((await world.ada("GET", `${world.home}/branches/x/protection`)).status).toBe(404);
  });
});
