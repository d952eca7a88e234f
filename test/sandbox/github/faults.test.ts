import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { FaultKind } from "../../../src/sandbox/github/fault.ts";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
afterEach(() => world.github.faults.clear());

const issues = (): string => `${world.home}/issues`;
const open = (title: string): ReturnType<World["app"]> => world.app("POST", issues(), { title });
const titles = async (): Promise<string[]> =>
  (await world.app("GET", `${issues()}?per_page=100`)).body.map(({ title }: { title: string }) => title);

/** What arrives of two issues opened one after the other while a fault is set. */
const received = async (kind: FaultKind): Promise<string[]> => {
  await world.github.settle();
  world.receiver.take();
  world.github.faults.add({ kind, match: "issues", milliseconds: 300 });
  await open("first");
  await open("second");
  await world.github.settle();
  return world.receiver.received.map(({ payload }) => payload.issue.title as string);
};

const run = promisify(execFile);
const curl = async (...args: string[]): Promise<unknown> => {
  const address = `${world.github.apiUrl}/_sandbox/faults`;
  const { stdout } = await run("curl", ["-s", "--max-time", "5", ...args, address]);
  return JSON.parse(stdout);
};

describe("requests", () => {
  test.each<[FaultKind, number]>([
    ["unauthorized", 401],
    ["secondary-limit", 403],
    ["rate-limit", 429],
    ["server-error", 500],
    ["bad-gateway", 502],
  ])("meet %s as %i, before or after the effect", async (kind, status) => {
    world.github.faults.add({ kind, method: "POST", match: "/repos/*/issues", seconds: 7 });
    world.github.faults.add({ kind, method: "POST", match: "/repos/*/issues", after: true });
    const before = await open(`${kind} before`);
    const after = await open(`${kind} after`);
    expect([before.status, after.status]).toEqual([status, status]);
    if (status === 403 || status === 429) expect(before.headers.get("retry-after")).toBe("7");
    const shown = await titles();
    expect(shown).not.toContain(`${kind} before`);
    expect(shown).toContain(`${kind} after`);
    expect(world.github.faults.list()).toEqual([]);
  });

  test("meet silence: no answer, and the caller must give up", async () => {
    world.github.faults.add({ kind: "silence", match: "*/issues", after: true });
    const signal = AbortSignal.timeout(300);
    const told = fetch(world.github.apiUrl + issues(), { signal });
    await expect(told).rejects.toThrow("timeout");
    expect((await world.app("GET", issues())).status).toBe(200);
  });

  test("meet an answer that breaks off in the middle", async () => {
    world.github.faults.add({ kind: "truncated", match: world.home });
    await expect(world.app("GET", world.home)).rejects.toThrow("terminated");
    expect((await world.app("GET", world.home)).status).toBe(200);
  });

  test("meet a fault so many times, or each n-th time", async () => {
    world.github.faults.add({ kind: "server-error", match: "/orgs/*", times: 2 });
    const next = async (): Promise<number> => (await world.app("GET", "/orgs/acme")).status;
    expect([await next(), await next(), await next()]).toEqual([500, 500, 200]);
    world.github.faults.add({ kind: "bad-gateway", match: "/orgs/{org}", every: 3 });
    const statuses = [];
    for (let n = 0; n < 6; n += 1) statuses.push(await next());
    expect(statuses).toEqual([200, 200, 502, 200, 200, 502]);
  });

  test("of other methods and paths are left alone", async () => {
    world.github.faults.add({ kind: "server-error", method: "POST", match: "*/labels" });
    expect((await open("left alone")).status).toBe(201);
    expect((await world.app("GET", `${world.home}/labels`)).status).toBe(200);
  });
});

describe("webhooks", () => {
  test("are dropped", async () => expect(await received("drop")).toEqual(["second"]));
  test("are delayed", async () => expect(await received("delay")).toEqual(["second", "first"]));
  test("are reordered", async () => expect(await received("reorder")).toEqual(["second", "first"]));
  test("are doubled under one id", async () => {
    const arrived = await received("double");
    expect(arrived.toSorted()).toEqual(["first", "first", "second"]);
    const ids = world.receiver.received.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  test("that were dropped can be sent again from the log", async () => {
    await received("drop");
    const { body } = await world.jwt("GET", "/app/hook/deliveries?per_page=100&status=failure");
    const dropped = body.find(({ status }: { status: string }) => status === "dropped");
    await world.jwt("POST", `/app/hook/deliveries/${dropped.id}/attempts`);
    await world.github.settle();
    expect(world.receiver.received.at(-1)!.id).toBe(dropped.guid);
  });
});

describe("reads", () => {
  test("of a branch lag behind a push, whose webhook has come already", async () => {
    const git = world.github.hub.git(world.repository);
    const made = await world.app("POST", `${world.home}/git/commits`, {
      message: "Next",
      tree: (await git.commit(world.head)).tree,
      parents: [world.head],
    });
    const branch = `${world.home}/git/ref/heads/main`;
    world.github.faults.add({ kind: "stale", milliseconds: 60_000 });
    await world.app("PATCH", `${world.home}/git/refs/heads/main`, { sha: made.body.sha });
    // The repository was seeded within the minute, too: nothing is seen yet.
    const seen = await world.app("GET", branch);
    expect(seen.body.object?.sha).not.toBe(made.body.sha);
    world.github.faults.clear();
    expect((await world.app("GET", branch)).body.object.sha).toBe(made.body.sha);
  });
});

test("which pull request a commit came by is told late", async () => {
  const { home, head } = world;
  const content = Buffer.from("late").toString("base64");
  await world.grace("POST", `${home}/git/refs`, { ref: "refs/heads/late", sha: head });
  await world.grace("PUT", `${home}/contents/late.txt`, { message: "Late", content, branch: "late" });
  const pull = await world.grace("POST", `${home}/pulls`, { title: "Late", head: "late", base: "main" });
  const merged = await world.linus("PUT", `${home}/pulls/${pull.body.number}/merge`);
  const pulls = async (): Promise<number> =>
    (await world.app("GET", `${home}/commits/${merged.body.sha}/pulls`)).body.length;
  world.github.faults.add({ kind: "stale", milliseconds: 60_000 });
  expect(await pulls()).toBe(0);
  world.github.faults.clear();
  expect(await pulls()).toBe(1);
});

describe("the control endpoint", () => {
  test("sets, lists and clears faults without a token", async () => {
    const fault = { kind: "server-error", match: "/orgs/*" };
    expect(await curl("-d", JSON.stringify(fault))).toEqual([fault]);
    expect((await world.app("GET", "/orgs/acme")).status).toBe(500);
    await curl("-d", JSON.stringify({ kind: "drop", every: 2 }));
    expect(await curl()).toEqual([{ kind: "drop", every: 2 }]);
    expect(await curl("-X", "DELETE")).toEqual([]);
  });

  test("says what is wrong with a fault, and is closed to web pages", async () => {
    expect(await curl("-d", '{"kind":"earthquake"}')).toMatchObject({
      message: expect.stringContaining("kind"),
    });
    expect(await curl("-H", "Origin: http://example.com", "-d", '{"kind":"drop"}')).toMatchObject({
      message: "Not for web pages.",
    });
    expect(world.github.faults.list()).toEqual([]);
  });
});
