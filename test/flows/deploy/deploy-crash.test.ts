import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeployWorld } from "../../../src/flows/deploy/deploy-world.ts";
import type { RepositoryForge } from "../../../src/ports/forge.ts";
import {
  type Ground,
  type RolloutWorld,
  eventually,
  land,
  manifests,
  clusterKinds,
  startGround,
  startRollout,
} from "../rollout-world.ts";

let ground: Ground;
let rollout: RolloutWorld;

beforeAll(async () => {
  ground = await startGround(clusterKinds.at(-1)!);
  rollout = await startRollout(ground, (namespace) => manifests({ a: "start", gone: "x" }, namespace));
});
afterAll(async () => {
  await rollout.stop();
  await ground.stop();
});

/** Ends everything at the `at`th write: before it is sent, or after it took effect and before its answer is read. */
class Killer {
  readonly #at: number;
  readonly #after: boolean;
  #writes = 0;
  dead = false;

  constructor(at: number, after: boolean) {
    this.#at = at;
    this.#after = after;
  }

  async write<T>(send: () => Promise<T>): Promise<T> {
    const fatal = ++this.#writes === this.#at;
    if (fatal && !this.#after) this.dead = true;
    this.check();
    const answer = await send();
    if (fatal) this.dead = true;
    this.check();
    return answer;
  }

  check(): void {
    if (this.dead) throw new Error("killed");
  }
}

const writes = new Set([
  "apply",
  "create",
  "replace",
  "delete",
  "addStatus",
  "comment",
  "updateComment",
  "update",
  "react",
  "save",
]);

/** The same object, with every call under the killer's eyes. */
function watched<T extends object>(target: T, killer: Killer): T {
  return new Proxy(target, {
    get(of, name) {
      const member: unknown = Reflect.get(of, name, of);
      if (typeof member === "object" && member !== null && !(member instanceof Map))
        return watched(member, killer);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        killer.check();
        const call = (): unknown => Reflect.apply(member, of, args);
        return writes.has(String(name)) ? killer.write(async () => call()) : call();
      };
    },
  });
}

function underKiller(killer: Killer): (world: DeployWorld) => DeployWorld {
  return (world) => ({
    ...world,
    forge: {
      ...world.forge,
      open: (repository, job): RepositoryForge => watched(world.forge.open(repository, job), killer),
    },
    cluster: watched(world.cluster, killer),
    inventories: watched(world.inventories, killer),
  });
}

/** Lands one change of a value and one of which objects there are, and answers the pull request. */
async function landNext(value: string): Promise<{ number: number; sha: string }> {
  const values = { a: value, [`extra-${value}`]: "x" };
  return land(rollout, `to-${value}`, { "maps.yaml": manifests(values, "")["maps.yaml"]! });
}

async function hasSucceeded(sha: string): Promise<void> {
  const all = await rollout.as("grace", "GET", `/deployments?sha=${sha}`);
  expect(all).toHaveLength(1);
  const statuses = await rollout.as("grace", "GET", `/deployments/${all[0].id}/statuses`);
  const states = statuses.map((status: { state: string }) => status.state);
  expect(states.filter((state: string) => state === "success")).toHaveLength(1);
  expect(states[0]).toBe("success");
}

async function commented(number: number): Promise<void> {
  await eventually(async () => {
    const comments = await rollout.as("grace", "GET", `/issues/${number}/comments`);
    expect(comments).toHaveLength(1);
    expect(comments[0].body).toContain("runs");
  });
}

test("killed at any write, before or after its effect, it ends the same, and everything visible is there once", async () => {
  rollout.start();
  rollout.push();
  await eventually(async () => expect((await rollout.configMap("a"))?.["data"]).toEqual({ text: "start" }));
  let round = 0;
  let survived = false;
  for (let at = 1; !survived; at++) {
    for (const after of [false, true]) {
      const value = `v${++round}`;
      await rollout.kill();
      const killer = new Killer(at, after);
      rollout.start(underKiller(killer));
      const { number, sha } = await landNext(value);
      await eventually(async () => {
        if (!killer.dead) await hasSucceeded(sha);
      });
      survived ||= !killer.dead;
      await rollout.kill();
      rollout.start();
      rollout.push();
      await eventually(async () => expect((await rollout.configMap("a"))?.["data"]).toEqual({ text: value }));
      await eventually(() => hasSucceeded(sha));
      await commented(number);
      await eventually(async () => expect(await rollout.configMap(`extra-v${round - 1}`)).toBeNull());
      expect(await rollout.configMap(`extra-${value}`)).not.toBeNull();
    }
  }
  expect(round).toBeGreaterThan(12);
}, 240_000);
