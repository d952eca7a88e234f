import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type Ground,
  type RolloutWorld,
  commit,
  merge,
  openPull,
  startGround,
} from "../flows/rollout-world.ts";
import {
  apiFile,
  approved,
  cronFile,
  issues,
  landApproved,
  map,
  shows,
  startApps,
  stopped,
  textOf,
  verdict,
  webFile,
} from "./apps-world.ts";
import { commitOn } from "./branches.ts";
import { forgeCheck } from "./other-app.ts";

/** Each brings three apps up, stops one and moves another. */
vi.setConfig({ testTimeout: 300_000 });

let ground: Ground;
let rollout: RolloutWorld;

beforeAll(async () => {
  ground = await startGround("in-memory");
});
afterAll(() => ground.stop());
afterEach(async () => {
  await rollout.stop();
  ground.clock.ahead = 0;
});

const evil = { [webFile]: map("web", "evil") };

async function tip(): Promise<string> {
  return (await rollout.as("ada", "GET", "/git/ref/heads/main")).object.sha;
}

async function moveMain(sha: string): Promise<void> {
  await rollout.as("ada", "PATCH", "/git/refs/heads/main", { sha, force: true });
}

/** As GitHub keeps it. */
const storedRepository = () =>
  ground.github.hub.store.repositories.find(({ id }) => id === rollout.repository.id)!;

/** What an administrator can bring onto main past everything, and half a sentence why it is not applied. */
const attacks: readonly [string, () => Promise<unknown>, string][] = [
  [
    "a push to main",
    () => commit(rollout, "main", webFile, evil[webFile]),
    "it did not come by a merged pull request",
  ],
  [
    "a merge past the check that waits",
    async () => {
      const pull = await openPull(rollout, "evil", evil);
      expect(await verdict(rollout, pull.sha)).toBe("Waiting for 1 of people who can write.");
      await merge(rollout, pull.number);
    },
    "was merged without being signed off",
  ],
  [
    "a merge behind a check of our name by another App",
    async () => {
      const pull = await openPull(rollout, "evil", evil);
      await verdict(rollout, pull.sha);
      forgeCheck(ground.github, rollout.repository.id, pull.sha);
      await merge(rollout, pull.number);
    },
    "was merged without being signed off",
  ],
  [
    "a merge behind a status of our check's name",
    async () => {
      const pull = await openPull(rollout, "evil", evil);
      const status = { context: "lockkeeper/signoff", state: "success" };
      await rollout.as("grace", "POST", `/statuses/${pull.sha}`, status);
      await merge(rollout, pull.number);
    },
    "was merged without being signed off",
  ],
  [
    "a merge of what was approved, made by hand with other content",
    async () => {
      const pull = await approved(rollout, "good", { [webFile]: map("web", "good") });
      const draft = { parents: [await tip(), pull.sha], files: evil };
      const sha = await commitOn(rollout, "ada", draft);
      await moveMain(sha);
      storedRepository().pulls.get(pull.number)!.landed.push(sha);
    },
    `${webFile} is not what was signed off in pull request #`,
  ],
  [
    "a squash of what was approved, made by hand with other content",
    async () => {
      const pull = await approved(rollout, "good", { [webFile]: map("web", "good") });
      const message = `Change (#${pull.number})`;
      await moveMain(await commitOn(rollout, "ada", { parents: [await tip()], files: evil, message }));
    },
    "it did not come by a merged pull request",
  ],
];

describe("the app that it touches stops, and no other one does", () => {
  test.each(attacks)("for %s", async (_, attack, why) => {
    rollout = await startApps(ground);
    await attack();
    const [issue] = await stopped(rollout, 1);
    expect(issue?.body).toContain(why);
    await landApproved(rollout, "api", { [apiFile]: map("api", "two") });
    await shows(rollout, "api", "two");
    expect((await issues(rollout)).map(({ title }) => title)).toEqual([issue?.title]);
    expect([await textOf(rollout, "web"), await textOf(rollout, "cron")]).toEqual(["one", "one"]);
  });

  test("for a history that was rewritten by a force-push", async () => {
    rollout = await startApps(ground);
    const start = await tip();
    const landed = await landApproved(rollout, "good", { [webFile]: map("web", "good") });
    await shows(rollout, "web", "good");
    await rollout.idle();
    storedRepository().protections.delete("main");
    await moveMain(await commitOn(rollout, "ada", { parents: [start], files: evil }));
    const [issue] = await stopped(rollout, 1);
    expect(issue?.title).toMatch(/is not signed off$/);
    expect(issue?.body).toContain(
      `the commit that runs, ${landed.slice(0, 7)}, is not on the line of main any more`,
    );
    await landApproved(rollout, "api", { [apiFile]: map("api", "two") });
    await shows(rollout, "api", "two");
    expect(await textOf(rollout, "web")).toBe("good");
    expect(await issues(rollout)).toHaveLength(1);
  });

  test("for a base that two apps read and that was edited by a push", async () => {
    const kustomization = "resources: [../../../bases/shared]\n";
    rollout = await startApps(ground, {
      beside: {
        "bases/shared/kustomization.yaml": "resources: [shared.yaml]\n",
        "bases/shared/shared.yaml": map("shared", "one"),
        "apps/one/production/kustomization.yaml": kustomization,
        "apps/two/production/kustomization.yaml": kustomization,
      },
    });
    await commit(rollout, "main", "bases/shared/shared.yaml", map("shared", "evil"));
    const told = await stopped(rollout, 2);
    for (const app of ["one", "two"]) {
      const issue = told.find(({ title }) => title.includes(app));
      expect(issue?.body).toContain("it did not come by a merged pull request");
    }
    await landApproved(rollout, "three", {
      [webFile]: map("web", "two"),
      [apiFile]: map("api", "two"),
      [cronFile]: map("cron", "two"),
    });
    for (const name of ["web", "api", "cron"]) await shows(rollout, name, "two");
    expect(await issues(rollout)).toHaveLength(2);
    expect(await textOf(rollout, "shared")).not.toBe("evil");
  });
});

test("what was approved and squashed after the base moved on in the same file is applied", async () => {
  const lines = (a: string, b: string): string => `${map("web", a)}---\n${map("b", "x")}---\n${map("c", b)}`;
  rollout = await startApps(ground, { beside: { [webFile]: lines("one", "one") } });
  const late = await approved(rollout, "late", { [webFile]: lines("two", "one") });
  await landApproved(rollout, "first", { [webFile]: lines("one", "two") });
  await merge(rollout, late.number, "squash");
  await shows(rollout, "web", "two");
  await shows(rollout, "c", "two");
  expect(await issues(rollout)).toEqual([]);
});

test("a landing that GitHub shows late is applied when it is shown, and nobody is told of a stop", async () => {
  rollout = await startApps(ground);
  const { number } = await approved(rollout, "late", { [webFile]: map("web", "late") });
  rollout.pass(30);
  ground.github.faults.add({ kind: "stale", milliseconds: 5000 });
  await merge(rollout, number);
  await rollout.idle();
  expect(await textOf(rollout, "web")).toBe("one");
  rollout.pass(5);
  rollout.push();
  await shows(rollout, "web", "late");
  expect(await issues(rollout)).toEqual([]);
  ground.github.faults.clear();
});
