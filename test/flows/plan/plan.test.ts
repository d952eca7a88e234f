import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { command } from "../../../src/flows/command/command.ts";
import { plan } from "../../../src/flows/plan/plan.ts";
import { fail, ok } from "../../../src/model/failure.ts";
import type { Key } from "../../../src/model/key.ts";
import type { PullRequest } from "../../../src/model/pull.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import { plannedDeletes } from "../../../src/rollout/merge-plan-report.ts";
import { appHash } from "../../../src/rollout/app-hash.ts";
import { applied, map, namespaceFile, planOf, plans, propose, web } from "../plan-steps.ts";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  commit,
  config,
  folder,
  land,
  openPull,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;
const canary = "c4n4ry-v4lue";

async function begin(files: Readonly<Record<string, string>>, more = {}): Promise<void> {
  rollout = await startRollout(ground, (namespace) => ({ ...namespaceFile(namespace), ...files }), more);
  rollout.start();
  rollout.push();
  await applied(rollout);
}

const secret = (password: string, more = ""): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\nstringData: { password: ${password}${more} }\n`;

describe.each(clusterKinds)("a plan on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  test("tells what is created, changed field by field, restarted and pruned, and asks only about that", async () => {
    await begin({ "web.yaml": web("web:1"), "a.yaml": map("a", "one"), "b.yaml": map("b", "same") });
    const { sha } = await propose(rollout, "more", {
      "web.yaml": web("web:2"),
      "a.yaml": null,
      "c.yaml": map("c", "new"),
    });
    const { run, asked } = await planOf(rollout, sha);
    expect(run).toMatchObject({
      conclusion: "success",
      title: "Creates 1, changes 1, restarts web (3 replicas), prunes 1",
    });
    expect(run.summary).toContain(`| \`ConfigMap ${rollout.namespace}/c\` | is created |`);
    expect(run.summary).toContain("`spec.template.spec.containers[name=web].image` | `web:1` | `web:2` |");
    expect(run.summary).toContain(`| \`ConfigMap ${rollout.namespace}/a\` | is deleted |`);
    expect(run.summary).toContain("2 objects unchanged.");
    expect(asked).toEqual({ "dry-run": 2, get: 2 });
    expect(await rollout.configMap("c")).toBeNull();
    const hash = appHash(rollout.repository.id, folder);
    expect(plannedDeletes(run.summary, hash)?.size).toBe(1);
  });

  test("of a change that leaves the objects as they are asks nothing, and is not made twice", async () => {
    await begin({ "a.yaml": map("a", "one") });
    const { sha } = await propose(rollout, "comment", { "a.yaml": `# Why.\n${map("a", "one")}` });
    const { run, asked } = await planOf(rollout, sha);
    expect(run.title).toBe("Changes nothing in the cluster");
    expect(asked).toEqual({});
    const before = rollout.forge.requests.total;
    await planOf(rollout, sha);
    // One listing and one comparison of ours, and the listing of the test itself.
    expect(rollout.forge.requests.total - before).toBeLessThanOrEqual(3);
    expect(await plans(rollout, sha)).toHaveLength(1);
  });

  test("shows of Secrets the names of keys and nothing else", async () => {
    await begin({ "keys.yaml": secret(canary) });
    const { sha } = await propose(rollout, "keys", { "keys.yaml": secret(`${canary}-2`, ", more: x") });
    const { run } = await planOf(rollout, sha);
    expect(run.summary).toContain("| `data.more` | _not there_ | (hidden) |");
    expect(run.summary).toContain("| `data.password` | (hidden) | (hidden), another one |");
    expect(JSON.stringify(run)).not.toContain(canary);
    expect(JSON.stringify(run)).not.toContain(Buffer.from(canary).toString("base64").slice(0, 8));
  });

  test("hides values with telling names", async () => {
    const env = (text: string) => ({ env: `{ name: DB_PASSWORD, value: ${text} }` });
    await begin({ "web.yaml": web("web:1", env(canary)) });
    const { sha } = await propose(rollout, "env", { "web.yaml": web("web:1", env(`${canary}-2`)) });
    const { run } = await planOf(rollout, sha);
    expect(run.summary).toContain("env[name=DB_PASSWORD].value` | `(hidden)` | `(hidden)` |");
    expect(JSON.stringify(run)).not.toContain(canary);
  });

  test("of an object in a namespace that the same change brings is not validated by the server", async () => {
    await begin({ "a.yaml": map("a", "one") });
    const other = `web-${rollout.repository.id}-new`;
    const { sha } = await propose(rollout, "other", {
      "other.yaml": `${namespaceFile(other)["namespace.yaml"]}---\n${map("b", "x").replace("name: b", `name: b, namespace: ${other}`)}`,
    });
    const { run } = await planOf(rollout, sha);
    expect(run).toMatchObject({ conclusion: "success", title: "Creates 2, prunes none" });
    expect(run.summary).toContain("its namespace comes with the same change");
  });

  test("of what the deploy would refuse is a failure that says why", async () => {
    await begin({ "web.yaml": web("web:1") });
    const moved = await propose(rollout, "kube", {
      "b.yaml": map("b", "x").replace("name: b", "name: b, namespace: kube-system"),
    });
    const outside = (await planOf(rollout, moved.sha)).run;
    expect(outside).toMatchObject({
      conclusion: "failure",
      title: expect.stringContaining("does not allow the namespace kube-system"),
    });
    const { sha } = await propose(rollout, "selector", { "web.yaml": web("web:1", { selector: "other" }) });
    const { run } = await planOf(rollout, sha);
    expect(run).toMatchObject({
      conclusion: "failure",
      title: expect.stringMatching(/^Would be refused: Deployment.apps .*spec\.selector is immutable/),
    });
    expect(run.summary).toContain("`spec.selector.matchLabels.app` | `web` | `other` |");
  });

  test("of what the app lets be deleted and made anew says so", async () => {
    await begin(
      { "web.yaml": web("web:1") },
      { config: config.replace("wait: 1m", "recreate: [Deployment]") },
    );
    const { sha } = await propose(rollout, "selector", { "web.yaml": web("web:1", { selector: "other" }) });
    const { run } = await planOf(rollout, sha);
    expect(run.conclusion).toBe("success");
    expect(run.summary).toContain("is deleted and made anew");
    expect(run.summary).toContain("`spec.selector.matchLabels.app` | `web` | `other` |");
  });

  test("of a change that deletes too much at once says that nothing would be pruned", async () => {
    const many = Array.from({ length: 8 }, (_, index) => map(`m${index}`, "x")).join("---\n");
    await begin({ "a.yaml": map("a", "one"), "many.yaml": many });
    const { sha } = await propose(rollout, "many", { "many.yaml": null });
    const { run, asked } = await planOf(rollout, sha);
    expect(run.conclusion).toBe("failure");
    expect(run.title).toMatch(/nothing would be pruned: 8 of 10 objects are gone from Git/);
    expect(asked).toEqual({ get: 8 });
  });

  test("shows apart what differs in the cluster already", async () => {
    await begin({ "web.yaml": web("web:1") });
    const { namespace } = rollout;
    const address = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace } };
    const edit = { ...address, spec: { replicas: 7 } };
    value(
      await rollout.cluster.apply(edit, { manager: "kubectl-edit", force: true, dryRun: false, as: "self" }),
    );
    const hash = appHash(rollout.repository.id, folder);
    const entry = rollout.world!.inventories.get(hash)!.entries.get(`Deployment.apps ${namespace}/web`)!;
    await expect.poll(() => rollout.world!.live.summary(hash, entry)?.digest).not.toBe(entry.digest);
    const { sha } = await propose(rollout, "image", { "web.yaml": web("web:2") });
    const { run } = await planOf(rollout, sha);
    const [own = "", back = ""] = run.summary.split("**Merging also takes back**");
    expect(own).toContain("image` | `web:1` | `web:2` |");
    expect(own).not.toContain("spec.replicas");
    expect(back).toContain("`spec.replicas` | `7` | `3` |");
    expect(back).not.toContain("web:2");
  });

  test("does not show what is in an object that Lockkeeper has not made", async () => {
    await begin({ "a.yaml": map("a", "one") });
    const { namespace } = rollout;
    value(
      await rollout.cluster.create({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "theirs", namespace },
        data: { text: canary },
      }),
    );
    const { sha } = await propose(rollout, "theirs", { "b.yaml": map("theirs", "ours") });
    const { run } = await planOf(rollout, sha);
    expect(run.summary).toContain("is there already and not ours");
    expect(JSON.stringify(run)).not.toContain(canary);
  });

  test("of an app that the pull request itself brings, or ends, is told too", async () => {
    await begin({ "a.yaml": map("a", "one") });
    const added = await openPull(rollout, "new-app", {
      "apps/web/staging/b.yaml": map("b", "x"),
    });
    expect((await planOf(rollout, added.sha)).run.title).toBe("Creates 1, prunes none");
    const ended = await openPull(rollout, "end", {
      ".github/lockkeeper.yml": config.replace("mode: apply", "mode: propose"),
    });
    const { run } = await planOf(rollout, ended.sha);
    expect(run.title).toBe("Changes nothing in the cluster");
    expect(run.summary).toContain("2 objects of it stay in the cluster");
  });

  test("is made for the merge and not for the head alone", async () => {
    await begin({ "a.yaml": map("a", "one"), "b.yaml": map("b", "one") });
    const { sha } = await propose(rollout, "a", { "a.yaml": map("a", "two") });
    const { sha: landed } = await land(rollout, "b", { "b.yaml": map("b", "two") });
    await applied(rollout, landed);
    const { run } = await planOf(rollout, sha);
    expect(run.title).toBe("Changes 1, prunes none");
    expect(run.summary).not.toContain("`two` | `one`");
  });

  test("is made again when the default branch moves in the app's files, and said again only if it differs", async () => {
    await begin({ "a.yaml": map("a", "one"), "b.yaml": map("b", "one") });
    const { sha } = await propose(rollout, "a", { "a.yaml": map("a", "two") });
    await planOf(rollout, sha);
    await commit(rollout, "main", "README.md", "Hello.\n");
    const elsewhere = await planOf(rollout, sha);
    expect(elsewhere.asked).toEqual({});
    const { sha: landed } = await land(rollout, "b", { "b.yaml": map("b", "two") });
    await applied(rollout, landed);
    expect((await planOf(rollout, sha)).asked).toEqual({ "dry-run": 1, get: 1 });
    expect(await plans(rollout, sha)).toHaveLength(1);
    const other = await land(rollout, "a-too", { "a.yaml": map("a", "two") });
    await applied(rollout, other.sha);
    expect((await planOf(rollout, sha)).run.title).toBe("Changes nothing in the cluster");
    expect(await plans(rollout, sha)).toHaveLength(2);
  });

  test("is made as the target's account, whose missing rights it tells", async () => {
    rollout = await startRollout(ground, (namespace) => namespaceFile(namespace), {
      target: { serviceAccount: "default/nobody" },
    });
    rollout.start();
    const { sha } = await propose(rollout, "a", { "a.yaml": map("a", "one") });
    const { run } = await planOf(rollout, sha);
    expect(run.conclusion).toBe("failure");
    expect(run.title).toMatch(/system:serviceaccount:default:nobody may not patch configmaps/);
  });
});

describe("without the cluster's word", () => {
  beforeAll(async () => {
    ground = await startGround("in-memory");
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  const through = (change: (pulls: readonly PullRequest[]) => readonly PullRequest[]) => (forge: Forge) => ({
    ...forge,
    open: (...args: Parameters<Forge["open"]>) => {
      const opened = forge.open(...args);
      const withHead = async (sha: string) => {
        const found = await opened.pulls.withHead(sha);
        return found.ok ? ok(change(found.value)) : found;
      };
      return { ...opened, pulls: { ...opened.pulls, withHead } };
    },
  });

  test("nothing that a fork says is put to the cluster", async () => {
    await begin({ "web.yaml": web("web:1"), "a.yaml": map("a", "one") });
    await rollout.kill();
    const fromFork = through((pulls) => pulls.map((pull) => ({ ...pull, headRepository: 99 })));
    rollout.start((world) => ({ ...world, forge: fromFork(world.forge) }));
    value(await rollout.world!.ready());
    const { sha } = await propose(rollout, "fork", {
      "web.yaml": web("web:2", { replicas: 5 }),
      "a.yaml": null,
      "keys.yaml": secret(canary),
    });
    const { run, asked } = await planOf(rollout, sha);
    expect(asked).toEqual({});
    expect(run).toMatchObject({
      conclusion: "success",
      title: "Creates 1, changes 1, restarts web (5 replicas), prunes 1",
    });
    expect(run.summary).toContain("nothing that a fork says is put to the cluster");
    expect(run.summary).toContain("leaves Git");
    expect(run.summary).not.toContain(canary);
    expect(plannedDeletes(run.summary, appHash(rollout.repository.id, folder))).toBeNull();
  });

  test("an app that Lockkeeper does not apply is told from its manifests", async () => {
    rollout = await startRollout(ground, (namespace) => namespaceFile(namespace), {
      config: config.replace("mode: apply", "mode: propose"),
    });
    rollout.start();
    const { sha } = await propose(rollout, "a", { "a.yaml": map("a", "one") });
    const { run, asked } = await planOf(rollout, sha);
    expect(run.title).toBe("Creates 1, prunes none");
    expect(run.summary).toContain("Lockkeeper does not apply this app");
    expect(asked["dry-run"]).toBeUndefined();
  });

  test("an API server that does not answer blocks nothing, and does not take a plan away", async () => {
    await begin({ "a.yaml": map("a", "one") });
    await rollout.kill();
    let down = true;
    rollout.start((world) => ({
      ...world,
      cluster: {
        ...world.cluster,
        apply: async (...args) => (down ? fail("unavailable", "apply it: no") : world.cluster.apply(...args)),
      },
    }));
    const { sha } = await propose(rollout, "a", { "a.yaml": map("a", "two") });
    const key = { flow: "plan", repository: rollout.repository, sha } as const;
    expect(await plan(rollout.world!, key)).toMatchObject({ ok: false, failure: { code: "unavailable" } });
    const [unavailable] = await plans(rollout, sha);
    expect(unavailable).toMatchObject({ conclusion: "success", title: "Plan unavailable: apply it: no" });
    down = false;
    expect((await planOf(rollout, sha)).run.title).toBe("Changes 1, prunes none");
    down = true;
    expect(await plan(rollout.world!, { ...key, anew: true })).toMatchObject({ ok: false });
    expect(await plans(rollout, sha)).toHaveLength(2);
  });

  test("a repository that the cluster side does not know gets no plan", async () => {
    rollout = await startRollout(ground, (namespace) => namespaceFile(namespace), {
      target: { repository: "acme/other" },
    });
    rollout.start();
    const { sha } = await propose(rollout, "a", { "a.yaml": map("a", "one") });
    value(await plan(rollout.world!, { flow: "plan", repository: rollout.repository, sha }));
    expect(await plans(rollout, sha)).toEqual([]);
  });

  test("a change of a file that no app reads gets no plan", async () => {
    await begin({ "a.yaml": map("a", "one") });
    const { sha } = await openPull(rollout, "readme", { "README.md": "Hello.\n" });
    value(await plan(rollout.world!, { flow: "plan", repository: rollout.repository, sha }));
    expect(await plans(rollout, sha)).toEqual([]);
  });

  test("is asked for by a comment, which is told where it stands", async () => {
    await begin({ "a.yaml": map("a", "one") });
    const { number, sha } = await propose(rollout, "a", { "a.yaml": map("a", "two") });
    const queued: Key[] = [];
    const world = { ...rollout.world!, queue: { add: (key: Key) => void queued.push(key) } };
    await rollout.as("grace", "POST", `/issues/${number}/comments`, { body: "/lockkeeper plan" });
    value(await command(world, { flow: "command", repository: rollout.repository, number }));
    expect(queued).toEqual([{ flow: "plan", repository: rollout.repository, sha, anew: true }]);
    const [, reply] = await rollout.as("grace", "GET", `/issues/${number}/comments`);
    expect(reply.body).toContain(`[\`lockkeeper/plan\`](../pull/${number}/checks)`);
  });
});
