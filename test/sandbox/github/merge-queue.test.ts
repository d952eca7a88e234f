import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { emptyProtection } from "../../../src/sandbox/github/store.ts";
import { openPull, tipOf } from "./pull-request.ts";
import { startWorld, type Caller, type Reply, type World } from "./world.ts";

const context = "lockkeeper/signoff";
let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

function protect(mergeQueue: boolean): void {
  const checks = [{ context, appId: world.github.appId }];
  world.repository.protections.set("main", { ...emptyProtection(), checks, mergeQueue });
}

async function check(head_sha: string, conclusion = "success"): Promise<void> {
  await world.app("POST", `${world.home}/check-runs`, { name: context, head_sha, conclusion });
  await world.github.settle();
}

async function mutate(by: Caller, query: string, id: string): Promise<Reply> {
  return await by("POST", "/graphql", { query, variables: { id } });
}

async function events(prefix: string): Promise<string[]> {
  await world.github.settle();
  return world.receiver.take().filter((name) => name.startsWith(prefix));
}

describe("auto-merge", () => {
  const enable = `mutation ($id: ID!) {
    enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: SQUASH }) {
      pullRequest { number autoMergeRequest { mergeMethod enabledBy { __typename login } } }
    }
  }`;

  test("merges as soon as the required check is there, in the name of whoever asked", async () => {
    protect(false);
    const { number, node_id, head } = (await openPull(world, "auto", { "auto.txt": "1\n" })).body;
    await world.app("GET", `${world.home}/pulls/${number}`);
    const enabled = await mutate(world.grace, enable, node_id);
    expect(enabled.body.data.enablePullRequestAutoMerge.pullRequest.autoMergeRequest).toEqual({
      mergeMethod: "SQUASH",
      enabledBy: { __typename: "User", login: "grace" },
    });
    await check(head.sha);
    const merged = (await world.app("GET", `${world.home}/pulls/${number}`)).body;
    expect([merged.merged, merged.merged_by.login]).toEqual([true, "grace"]);
  });

  test("is not for what can be merged already", async () => {
    protect(false);
    const { number, node_id, head } = (await openPull(world, "ready", { "ready.txt": "1\n" })).body;
    await check(head.sha);
    await world.app("GET", `${world.home}/pulls/${number}`);
    await world.github.settle();
    expect((await mutate(world.grace, enable, node_id)).body.errors[0].message).toMatch(/clean status/);
  });
});

describe("the merge queue", () => {
  const enqueue = `mutation ($id: ID!) {
    enqueuePullRequest(input: { pullRequestId: $id }) { mergeQueueEntry { position headCommit { oid } } }
  }`;
  const dequeue = "mutation ($id: ID!) { dequeuePullRequest(input: { id: $id }) { clientMutationId } }";

  beforeEach(() => protect(true));

  /** A pull request with its check, in the queue; answers its number and the head of its group. */
  async function queued(branch: string): Promise<{ number: number; group: string; node: string }> {
    const { number, node_id, head } = (await openPull(world, branch, { [`${branch}.txt`]: "1\n" })).body;
    await check(head.sha);
    const { data } = (await mutate(world.grace, enqueue, node_id)).body;
    return { number, group: data.enqueuePullRequest.mergeQueueEntry.headCommit.oid, node: node_id };
  }

  test("is the only way in, and lands a group in order when its own commit has the check", async () => {
    const [one, two] = [await queued("first"), await queued("second")];
    const direct = await world.linus("PUT", `${world.home}/pulls/${one.number}/merge`);
    expect([direct.status, direct.body.message]).toEqual([
      405,
      "Changes must be made through the merge queue",
    ]);
    const refs = await world.app("GET", `${world.home}/git/matching-refs/heads/gh-readonly-queue/main`);
    expect(refs.body.map(({ object }: { object: { sha: string } }) => object.sha)).toEqual([
      one.group,
      two.group,
    ]);
    await check(two.group);
    expect(await tipOf(world, "main")).not.toBe(two.group);
    world.receiver.take();
    await check(one.group);
    expect(await tipOf(world, "main")).toBe(two.group);
    const [move] = (await world.app("GET", `${world.home}/activity?ref=main`)).body;
    expect(move.activity_type).toBe("merge_queue_merge");
    expect(await events("merge_group")).toEqual(["merge_group.destroyed", "merge_group.destroyed"]);
    expect((await world.app("GET", `${world.home}/pulls/${two.number}`)).body.merged).toBe(true);
  });

  test("throws out what fails or is taken back, and builds again what stood behind", async () => {
    const [bad, good] = [await queued("bad"), await queued("good")];
    await events("");
    await check(bad.group, "failure");
    expect((await events("merge_group")).toSorted()).toEqual([
      "merge_group.checks_requested",
      "merge_group.destroyed",
      "merge_group.destroyed",
    ]);
    expect(world.repository.queue.map((entry) => entry.headSha)).not.toContain(good.group);
    expect((await mutate(world.grace, dequeue, good.node)).body.errors).toBeUndefined();
    expect(world.repository.queue).toEqual([]);
    expect((await world.app("GET", `${world.home}/pulls/${bad.number}`)).body.state).toBe("open");
  });
});
