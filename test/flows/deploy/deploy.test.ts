import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ok } from "../../../src/model/failure.ts";
import type { Code, Forge } from "../../../src/ports/forge.ts";
import {
  type Ground,
  type RolloutWorld,
  commit,
  eventually,
  folder,
  land,
  manifests,
  merge,
  openPull,
  signOff,
  clusterKinds,
  startGround,
  startRollout,
} from "../rollout-world.ts";

let ground: Ground;
let rollout: RolloutWorld;

/** What a ConfigMap of the app says in the cluster. */
async function text(name: string): Promise<unknown> {
  const found = await rollout.configMap(name);
  return (found?.["data"] as { text?: string } | undefined)?.text ?? null;
}

async function shows(name: string, expected: string | null): Promise<void> {
  await eventually(async () => expect(await text(name)).toBe(expected));
}

async function deployments(): Promise<{ sha: string; task: string; state: string }[]> {
  const all = await rollout.as("grace", "GET", "/deployments");
  const states = all.map(async (each: { id: number; sha: string; task: string }) => {
    const [status] = await rollout.as("grace", "GET", `/deployments/${each.id}/statuses`);
    return { sha: each.sha, task: each.task, state: status?.state };
  });
  return Promise.all(states);
}

async function ourComments(number: number): Promise<string[]> {
  const comments = await rollout.as("grace", "GET", `/issues/${number}/comments`);
  return comments.map((comment: { body: string }) => comment.body);
}

async function begin(values: Record<string, string>, more = {}): Promise<void> {
  rollout = await startRollout(ground, (namespace) => manifests(values, namespace), more);
  rollout.start();
  rollout.push();
}

const maps = (values: Record<string, string>): Record<string, string> => ({
  "maps.yaml": manifests(values, "")["maps.yaml"]!,
});

async function issue(): Promise<{ title: string; body: string; number: number } | undefined> {
  const issues = await rollout.as("grace", "GET", "/issues?state=open&labels=lockkeeper");
  return issues[0];
}

describe.each(clusterKinds)("on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  describe("a landing that was signed off", () => {
    test("reaches the cluster, is told once, and costs nothing afterwards", async () => {
      await begin({ a: "one", b: "same" });
      await shows("a", "one");
      const { number, sha } = await land(rollout, "two", maps({ a: "two", b: "same" }));
      await shows("a", "two");
      const [body] = await eventually(async () => {
        const comments = await ourComments(number);
        expect(comments).toHaveLength(1);
        return comments;
      });
      expect(body).toMatch(/\| `ConfigMap .*\/a` \| configured \|/);
      expect(body).toContain("2 objects unchanged");
      expect(body).toMatch(/First object applied \d+\.\d s, healthy \d+\.\d s after the merge\./);
      await eventually(async () => {
        expect((await deployments())[0]).toEqual({
          sha,
          task: "lockkeeper:web-production",
          state: "success",
        });
      });
      await rollout.kill();
      rollout.start();
      rollout.push();
      await eventually(() => expect(rollout.world?.live).toBeDefined());
      await quiet();
      const before = counts();
      rollout.push();
      await quiet();
      expect(counts()).toEqual(before);
      expect(await ourComments(number)).toHaveLength(1);
      expect(await deployments()).toHaveLength(2);
    });

    test.each(["squash", "rebase"])("may land by %s", async (method) => {
      await begin({ a: "one" });
      await shows("a", "one");
      const files = { ...maps({ a: "two" }), "other.yaml": manifests({ c: "new" }, "")["maps.yaml"]! };
      await land(rollout, "two", files, method);
      await shows("a", "two");
      await shows("c", "new");
    });

    test("may land beside another change of the same file, as the clean merge of both", async () => {
      const spaced = { a: "one", b: "one", c: "one", d: "one" };
      await begin(spaced);
      await shows("a", "one");
      const first = await openPull(rollout, "first", {
        [`${folder}/maps.yaml`]: maps({ ...spaced, a: "two" })["maps.yaml"]!,
      });
      await signOff(rollout, first.sha);
      await land(rollout, "second", maps({ ...spaced, d: "two" }));
      await merge(rollout, first.number);
      await shows("a", "two");
      await shows("d", "two");
    });
  });

  describe("what was not signed off stays out", () => {
    test("a push to main: told once, and gone when it is reverted by a signed pull request", async () => {
      await begin({ a: "one" });
      await shows("a", "one");
      const sha = await commit(rollout, "main", `${folder}/maps.yaml`, maps({ a: "pushed" })["maps.yaml"]!);
      rollout.push();
      await seen(sha);
      rollout.pass(61);
      rollout.push();
      const told = await eventually(async () => {
        const found = await issue();
        expect(found?.title).toBe(`web-production: ${sha.slice(0, 7)} is not signed off`);
        return found;
      });
      expect(told?.body).toContain("did not come by a merged pull request");
      expect(await text("a")).toBe("one");
      await land(rollout, "revert", maps({ a: "one" }));
      await eventually(async () => expect(await issue()).toBeUndefined());
      expect(await text("a")).toBe("one");
    });

    test("a landing whose pull request GitHub shows only after minutes: the stop mends itself", async () => {
      await begin({ a: "one" });
      await shows("a", "one");
      let hidden = true;
      await rollout.kill();
      rollout.start((world) => ({ ...world, forge: hidingPulls(world.forge, () => hidden) }));
      await seen((await land(rollout, "two", maps({ a: "two" }))).sha);
      rollout.pass(61);
      rollout.push();
      await eventually(async () => expect((await issue())?.title).toContain("is not signed off"));
      expect(await text("a")).toBe("one");
      await quiet();
      const before = rollout.forge.requests.total;
      rollout.push();
      await quiet();
      // Where the branch is, for the list of apps and for the app, and nothing else.
      expect(rollout.forge.requests.total - before).toBe(4);
      hidden = false;
      rollout.merged();
      await shows("a", "two");
      await eventually(async () => expect(await issue()).toBeUndefined());
    });

    test("a landing whose pull request GitHub tells by no event: looked for ever more seldom, and found", async () => {
      await begin({ a: "one" });
      await shows("a", "one");
      let hidden = true;
      await rollout.kill();
      rollout.start((world) => ({ ...world, forge: hidingPulls(world.forge, () => hidden) }));
      await seen((await land(rollout, "two", maps({ a: "two" }))).sha);
      rollout.pass(61);
      hidden = false;
      await shows("a", "two");
    });

    test("a pull request merged without our success", async () => {
      await begin({ a: "one" });
      await shows("a", "one");
      const pull = await openPull(rollout, "two", {
        [`${folder}/maps.yaml`]: maps({ a: "two" })["maps.yaml"]!,
      });
      await signOff(rollout, pull.sha, "action_required");
      await merge(rollout, pull.number);
      await eventually(async () =>
        expect((await issue())?.body).toContain("merged without being signed off"),
      );
      expect(await text("a")).toBe("one");
    });

    test("a success that was concluded after the merge", async () => {
      await begin({ a: "one" });
      await shows("a", "one");
      const pull = await openPull(rollout, "two", {
        [`${folder}/maps.yaml`]: maps({ a: "two" })["maps.yaml"]!,
      });
      await merge(rollout, pull.number);
      rollout.pass(5);
      await signOff(rollout, pull.sha);
      rollout.push();
      await eventually(async () =>
        expect((await issue())?.body).toContain("merged without being signed off"),
      );
      expect(await text("a")).toBe("one");
    });

    test("everything, where the target grants no baseline, or names another folder", async () => {
      await begin({ a: "one" }, { target: { baseline: "none" } });
      await quiet();
      expect(await text("a")).toBeNull();
      await rollout.stop();
      await begin({ a: "one" }, { target: { paths: ["elsewhere/**"] } });
      await quiet();
      expect(await text("a")).toBeNull();
    });

    test("a folder outside the target, a namespace or kind that it does not name", async () => {
      await begin({ a: "one" });
      await shows("a", "one");
      const outside = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x, namespace: kube-system }\n`;
      const { number } = await land(rollout, "two", { ...maps({ a: "two" }), "x.yaml": outside });
      await eventually(async () => {
        expect((await ourComments(number))[0]).toContain("does not allow the namespace kube-system");
      });
      expect(await text("a")).toBe("one");
      await land(rollout, "three", { "x.yaml": null });
      await shows("a", "two");
    });
  });

  describe("prune", () => {
    test("deletes what Git dropped, and keeps what it cannot prove", async () => {
      await begin({ a: "one", b: "one", c: "one" });
      await shows("c", "one");
      const { namespace } = rollout;
      const c = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "c", namespace, annotations: { "lockkeeper.dev/prune": "disabled" } },
      };
      const options = { manager: "kubectl", force: true, dryRun: false, as: "self" } as const;
      expect((await rollout.cluster.apply(c, options)).ok).toBe(true);
      const { number } = await land(rollout, "drop", maps({ a: "one" }));
      await shows("b", null);
      const body = await eventually(async () => {
        const [first] = await ourComments(number);
        expect(first).toBeDefined();
        return first;
      });
      expect(body).toMatch(/`ConfigMap .*\/b` \| pruned/);
      expect(body).toMatch(/ConfigMap .*\/c is not in Git any more but stays/);
      expect(await text("c")).toBe("one");
    });

    test("deletes nothing for an emptied folder", async () => {
      await begin({ a: "one" });
      await shows("a", "one");
      const gone = { "maps.yaml": null, "namespace.yaml": null };
      const { number } = await land(rollout, "empty", { "README.md": "Nothing here.", ...gone });
      await eventually(async () => {
        expect((await ourComments(number))[0]).toContain("an empty folder deletes nothing");
      });
      expect(await text("a")).toBe("one");
    });

    test("deletes nothing when the folder itself is gone, and says so", async () => {
      await begin({ a: "one" });
      await shows("a", "one");
      const { number } = await land(rollout, "move", { "maps.yaml": null, "namespace.yaml": null });
      await eventually(async () => {
        expect((await ourComments(number))[0]).toMatch(
          /no app .* any more; its 2 objects stay in the cluster/,
        );
      });
      expect(await text("a")).toBe("one");
    });
  });
});

/** Until a landing has been looked at that is not proven. */
async function seen(sha: string): Promise<void> {
  await eventually(() => expect([...(rollout.world?.memory.unproven.keys() ?? [])]).toContain(sha));
}

/** Until no request was sent for half a second. */
async function quiet(): Promise<void> {
  let last = "";
  let since = Date.now();
  await eventually(() => {
    const now = JSON.stringify([counts(), rollout.forge.requests.total]);
    if (now !== last) since = Date.now();
    last = now;
    expect(Date.now() - since).toBeGreaterThan(500);
  });
}

/** Requests to the API server, watches apart. */
function counts(): Record<string, number> {
  const all = Object.fromEntries(rollout.cluster.requests);
  delete all["watch"];
  return all;
}

/** A GitHub that does not tell yet by which pull request a commit came. */
function hidingPulls(forge: Forge, hidden: () => boolean): Forge {
  return {
    ...forge,
    open: (repository, job) => {
      const { code, ...rest } = forge.open(repository, job);
      const pullsOf: Code["pullsOf"] = async (sha) => (hidden() ? ok([]) : code.pullsOf(sha));
      return { ...rest, code: { ...code, pullsOf } };
    },
  };
}
