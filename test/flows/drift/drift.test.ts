import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/model/resource.ts";
import {
  type Ground,
  type RolloutWorld,
  config,
  eventually,
  folder,
  land,
  clusterKinds,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;

/** Seconds by which the App is ahead of everything else. */
let ahead = 0;
const clock = { now: () => new Date(Date.now() + ahead * 1000) };

const canary = "c4n4ry-v4lue";

const manifests = (namespace: string, image = "registry.example/web:1", replicas: number | null = 3) => ({
  "namespace.yaml": `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`,
  "secret.yaml": `apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\nstringData: { password: ${canary} }\n`,
  "web.yaml": `# The app.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  ${replicas === null ? "" : `replicas: ${replicas}`}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "${image}", ports: [{ containerPort: 80 }], resources: { limits: { cpu: 1 } } }
`,
});

async function begin(
  more: { config?: string; extra?: Record<string, string>; beside?: Record<string, string> } = {},
): Promise<void> {
  rollout = await startRollout(ground, (namespace) => ({ ...manifests(namespace), ...more.extra }), more);
  ahead = 0;
  rollout.start((world) => ({ ...world, clock }));
  rollout.push();
  await applied();
}

async function applied(): Promise<void> {
  await eventually(async () => {
    const all = await rollout.as("grace", "GET", "/deployments");
    const [status] = await rollout.as("grace", "GET", `/deployments/${all[0].id}/statuses`);
    expect(status.state).toBe("success");
  });
}

const address = (kind: "Deployment" | "Secret" = "Deployment") => ({
  apiVersion: kind === "Secret" ? "v1" : "apps/v1",
  kind,
  namespace: rollout.namespace,
  name: kind === "Secret" ? "keys" : "web",
});

async function live(): Promise<KubernetesObject> {
  return value(await rollout.cluster.get(address()));
}

async function replicas(): Promise<unknown> {
  return ((await live())["spec"] as { replicas: number }).replicas;
}

/** Somebody applies a part of an object by hand, taking what it names. */
async function edit(part: object, of = address(), manager = "kubectl-edit"): Promise<void> {
  const { apiVersion, kind, namespace, name } = of;
  const { metadata, ...rest } = part as { metadata?: object };
  const object = { apiVersion, kind, metadata: { name, namespace, ...metadata }, ...rest };
  value(await rollout.cluster.apply(object, { manager, force: true, dryRun: false, as: "self" }));
}

interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
}

async function issues(state = "open"): Promise<Issue[]> {
  return rollout.as("grace", "GET", `/issues?state=${state}&labels=lockkeeper%2Fdrift`);
}

/** The issue, once all is written that is written along with it. */
async function reported(pattern: RegExp): Promise<Issue> {
  const issue = await eventually(async () => {
    const open = await issues();
    expect(open.map(({ title }) => title)).toEqual([expect.stringMatching(pattern)]);
    return open[0]!;
  });
  await rollout.idle();
  return issue;
}

async function noneOpen(): Promise<void> {
  await eventually(async () => expect(await issues()).toEqual([]));
  await rollout.idle();
}

/** A comment that the command flow has accepted. */
async function ask(number: number, body: string): Promise<number> {
  const comment = await rollout.as("grace", "POST", `/issues/${number}/comments`, { body });
  value(await rollout.forge.open(rollout.repository, "command").issues.react(comment.id, "rocket"));
  rollout.push();
  return comment.id;
}

async function reactions(comment: number): Promise<readonly string[]> {
  return value(await rollout.forge.open(rollout.repository, "command").issues.reactions(comment));
}

async function ourComments(number: number): Promise<readonly string[]> {
  const all = await rollout.as("grace", "GET", `/issues/${number}/comments`);
  return all
    .filter(({ user }: { user: { type: string } }) => user.type === "Bot")
    .map(({ body }: { body: string }) => body);
}

describe.each(clusterKinds)("drift on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  test("is not healed by a comment that the command flow did not accept", async () => {
    await begin();
    await edit({ spec: { replicas: 7 } });
    const { number } = await reported(/replicas 3 -> 7/);
    await rollout.as("grace", "POST", `/issues/${number}/comments`, { body: "/lockkeeper heal" });
    rollout.push();
    await edit({ spec: { replicas: 8 } });
    await reported(/replicas 3 -> 8/);
    expect(await replicas()).toBe(8);
  });

  test("is reported with field, values, manager, time and place, follows the cluster, and closes", async () => {
    await begin();
    await edit({ spec: { replicas: 7 } });
    const issue = await reported(
      /^web-production: replicas 3 -> 7 by kubectl-edit, last write \d\d:\d\d UTC$/,
    );
    expect(issue.body).toMatch(
      /`spec\.replicas` \| `3` \| `7` \| `kubectl-edit` \(Apply, last write of that manager \d{4}-/,
    );
    expect(issue.body).toContain(`${folder}/web.yaml:7`);
    await edit({ spec: { replicas: 8 } });
    const again = await reported(/replicas 3 -> 8/);
    expect(again.number).toBe(issue.number);
    await edit({ spec: { replicas: 3 } });
    await noneOpen();
    const comments = await rollout.as("grace", "GET", `/issues/${issue.number}/comments`);
    expect(comments.map((comment: { body: string }) => comment.body)).toEqual([
      expect.stringMatching(/drift is gone/),
    ]);
    expect(await issues("all")).toHaveLength(1);
  });

  test("of a Secret shows no value", async () => {
    await begin();
    const other = Buffer.from("another-secret").toString("base64");
    await edit({ data: { password: other } }, address("Secret"));
    const { title, body } = await reported(/password \(hidden\) -> \(hidden\) by kubectl-edit/);
    for (const secret of [canary, Buffer.from(canary).toString("base64"), "another-secret", other]) {
      expect(title + body).not.toContain(secret);
    }
  });

  test("is explained once, however often it is looked at before it is healed", async () => {
    await begin();
    const { requests } = rollout.cluster;
    const before = requests.get("dry-run") ?? 0;
    await edit({ data: { password: Buffer.from("another").toString("base64") } }, address("Secret"));
    const { number } = await reported(/password/);
    await ask(number, "/lockkeeper heal");
    await noneOpen();
    expect((requests.get("dry-run") ?? 0) - before).toBe(1);
  });

  test("is healed when somebody who may asks for it, who is told", async () => {
    await begin();
    await edit({ spec: { replicas: 7 } });
    const { number } = await reported(/replicas 3 -> 7/);
    const comment = await ask(number, "/lockkeeper heal");
    await noneOpen();
    expect(await replicas()).toBe(3);
    const { issues: asCommand } = rollout.forge.open(rollout.repository, "command");
    expect(value(await asCommand.reactions(comment)).toSorted()).toEqual(["+1", "rocket"]);
    await edit({ spec: { replicas: 5 } });
    const next = await reported(/replicas 3 -> 5/);
    expect(next.number).not.toBe(number);
  });

  test("is healed at once where the app says so, but not fought over", async () => {
    await begin({ config: config.replace("drift: report", "drift: heal") });
    await edit({ spec: { replicas: 7 } });
    await eventually(async () => expect(await replicas()).toBe(3));
    expect(await issues("all")).toEqual([]);
    await edit({ spec: { replicas: 8 } });
    await reported(/replicas 3 -> 8/);
    expect(await replicas()).toBe(8);
  });

  test("a deleted object is missed, and comes back with the heal", async () => {
    await begin();
    const { uid } = (await live()).metadata;
    value(await rollout.cluster.delete(address(), uid!, "self"));
    const { number } = await reported(/Deployment\/web was deleted/);
    await ask(number, "/lockkeeper heal");
    await noneOpen();
    expect((await live()).metadata.uid).not.toBe(uid);
  });

  test("an object that lost its label is not taken for a deleted one", async () => {
    await begin();
    await edit({ metadata: { labels: { "lockkeeper.dev/app": "elsewhere" } } });
    await reported(/labels\["lockkeeper\.dev\/app"\] [0-9a-f]+ -> elsewhere by kubectl-edit/);
  });

  test("what Git does not name may be written by anything that is no person", async () => {
    await begin();
    await edit({ metadata: { annotations: { note: "mine" } } }, address(), "kyverno");
    await edit({ spec: { progressDeadlineSeconds: 99 } }, address(), "operator");
    await edit({ spec: { replicas: 7 } });
    const { body } = await reported(/replicas 3 -> 7/);
    expect(body).not.toContain("progressDeadlineSeconds");
    expect(body).not.toContain("note");
  });

  test("that happened while nobody looked is found at the start", async () => {
    await begin();
    await rollout.kill();
    await edit({ spec: { replicas: 7 } });
    rollout.start();
    rollout.push();
    await reported(/replicas 3 -> 7/);
    await rollout.kill();
    await edit({ spec: { replicas: 3 } });
    rollout.start();
    rollout.push();
    await noneOpen();
  });

  test("what a person adds by hand is told of, and goes with the heal", async () => {
    await begin();
    await edit({ metadata: { annotations: { note: "mine" } } });
    const { number, body } = await reported(/note added by kubectl-edit/);
    expect(body).toContain("| `metadata.annotations.note` | _not there_ | `mine` |");
    await ask(number, "/lockkeeper heal Deployment/web");
    await noneOpen();
    expect((await live()).metadata.annotations?.["note"]).toBeUndefined();
  });

  test("one object is healed where one is named, the rest is told of, and each change is one comment", async () => {
    await begin();
    await edit({ spec: { replicas: 7 } });
    const { number } = await reported(/replicas 3 -> 7/);
    await edit({ data: { password: Buffer.from("another").toString("base64") } }, address("Secret"));
    await reported(/and 1 more/);
    const wrong = await ask(number, "/lockkeeper heal Deployment/other");
    await eventually(async () => expect(await reactions(wrong)).toContain("confused"));
    await ask(number, "/lockkeeper heal Deployment/web");
    await reported(/^web-production: password.*UTC$/);
    expect(await replicas()).toBe(3);
    await eventually(async () =>
      expect((await ourComments(number)).map((body) => body.split("\n")[0])).toEqual([
        "Also drifted:",
        expect.stringMatching(/`Deployment\/other` has not drifted; what has is/),
        "Applied again as Git says:",
      ]),
    );
  });

  test("is hidden for a while when somebody asks for that, but not what comes later", async () => {
    await begin();
    await edit({ spec: { replicas: 7 } });
    const { number } = await reported(/replicas 3 -> 7/);
    const comment = await ask(number, "/lockkeeper ignore 1h");
    const { body } = await reported(/drift is hidden until/);
    expect(body).toMatch(/Hidden until .* UTC by `grace`: 1 finding\./);
    expect(body).not.toContain("spec.replicas");
    expect(await reactions(comment)).toContain("+1");
    await edit({ data: { password: Buffer.from("another").toString("base64") } }, address("Secret"));
    await reported(/^web-production: password/);
    expect(await replicas()).toBe(7);
    ahead = 3700;
    rollout.push();
    expect((await reported(/and 1 more/)).body).toContain("spec.replicas");
  });

  test("is never told of where the app ignores the field, and Git is applied all the same", async () => {
    const rule = 'ignore: [{ kinds: [Deployment], names: ["w*"], paths: [spec.replicas] }]';
    await begin({ config: config.replace("drift: report", `drift: report\n    ${rule}`) });
    await edit({ spec: { replicas: 7 } });
    await edit({ data: { password: Buffer.from("another").toString("base64") } }, address("Secret"));
    expect((await reported(/password/)).body).not.toContain("spec.replicas");
    await land(rollout, "next", { "web.yaml": manifests("", "registry.example/web:2")["web.yaml"] });
    await eventually(async () => expect(await replicas()).toBe(3));
  });

  test("that comes and goes is said to do so, once, and stays open meanwhile", async () => {
    await begin();
    for (const value of [7, 7, 7]) {
      await edit({ spec: { replicas: value } });
      await reported(/replicas 3 -> 7/);
      await edit({ spec: { replicas: 3 } });
      await eventually(async () => {
        const [open] = await issues();
        expect(open?.title ?? "comes and goes").toMatch(/comes and goes/);
      });
    }
    const { number } = await reported(/comes and goes/);
    await edit({ spec: { replicas: 7 } });
    await reported(/replicas 3 -> 7/);
    expect((await ourComments(number)).map((body) => body.split("\n")[0])).toEqual([
      "This comes and goes, and is not told of each time from now on:",
    ]);
  });

  test("stands at the deployment while it lasts", async () => {
    await begin();
    const statuses = async () => {
      const [deployment] = await rollout.as("grace", "GET", "/deployments");
      return rollout.as("grace", "GET", `/deployments/${deployment.id}/statuses`);
    };
    const before = (await statuses()).length;
    await edit({ spec: { replicas: 7 } });
    await reported(/replicas 3 -> 7/);
    expect((await statuses())[0]).toMatchObject({
      state: "failure",
      description: expect.stringMatching(/^drift: replicas 3 -> 7 by kubectl-edit/),
    });
    expect(rollout.world!.memory.drifted.size).toBe(1);
    await edit({ spec: { replicas: 8 } });
    await reported(/replicas 3 -> 8/);
    await edit({ spec: { replicas: 3 } });
    await noneOpen();
    expect((await statuses())[0]).toMatchObject({ state: "success", description: "as Git says again" });
    expect((await statuses()).length).toBe(before + 2);
    expect(rollout.world!.memory.drifted.size).toBe(0);
  });

  test("mentions those who own the app's files, once", async () => {
    await begin({ beside: { CODEOWNERS: "apps/ @grace\n" } });
    await edit({ spec: { replicas: 7 } });
    expect((await reported(/replicas 3 -> 7/)).body.match(/@\w+/g)).toEqual(["@grace"]);
    await edit({ spec: { replicas: 8 } });
    expect((await reported(/replicas 3 -> 8/)).body.match(/@\w+/g)).toEqual(["@grace"]);
  });

  test("a merge that makes Git equal to the cluster ends it", async () => {
    await begin();
    await edit({ spec: { replicas: 7 } });
    await reported(/replicas 3 -> 7/);
    await land(rollout, "adopt", { "web.yaml": manifests("", undefined, 7)["web.yaml"] });
    await noneOpen();
    expect(await replicas()).toBe(7);
  });
});
