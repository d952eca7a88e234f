/** What a deployment writes: the plan of a pull request, and the report of a drift with what was said and done below it. */

import { command } from "../../src/flows/command/command.ts";
import type { KubernetesObject } from "../../src/model/resource.ts";
import { applied, map, namespaceFile, planOf, propose, web } from "../flows/plan-steps.ts";
import { type RolloutWorld, eventually, startGround, startRollout } from "../flows/rollout-world.ts";
import { value } from "../flows/user-call.ts";
import { type Scene, type Shown, missing } from "./shoot.ts";

const files = {
  "web.yaml": web("ghcr.io/acme/web:1.3.0", { env: "{ name: LEVEL, value: info }" }),
  "flags.yaml": map("flags", "checkout=old"),
  "banner.yaml": map("banner", "Welcome"),
  "keys.yaml": "apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\nstringData: { token: hidden }\n",
};

async function begin(): Promise<{ rollout: RolloutWorld; rest: Omit<Scene, "shown"> }> {
  const ground = await startGround("in-memory");
  const rollout = await startRollout(ground, (namespace) => ({ ...namespaceFile(namespace), ...files }));
  rollout.start();
  rollout.push();
  await applied(rollout);
  const names = {
    [ground.github.webUrl]: "https://github.com",
    [rollout.repository.name]: "gitops",
    [`${rollout.namespace}/`]: "web-production/",
  };
  const stop = async (): Promise<void> => {
    await rollout.stop();
    await ground.stop();
  };
  return { rollout, rest: { names, stop } };
}

/** `lockkeeper/plan` of a pull request that does a bit of everything. */
export async function planned(): Promise<Scene> {
  const { rollout, rest } = await begin();
  const { sha } = await propose(rollout, "checkout", {
    "web.yaml": web("ghcr.io/acme/web:1.4.0", { env: "{ name: LEVEL, value: debug }" }),
    "banner.yaml": null,
    "limits.yaml": map("limits", "requests=100"),
    "keys.yaml": files["keys.yaml"].replace("hidden", "another"),
  });
  const { run } = await planOf(rollout, sha);
  return { ...rest, shown: { plan: { title: run.title, body: run.summary } } };
}

/** Three objects are changed by hand; one is healed alone, then everything. */
export async function drifted(): Promise<Scene> {
  const { rollout, rest } = await begin();
  const { namespace } = rollout;
  await edit(rollout, "kubectl-edit", {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace },
    spec: { replicas: 7 },
  });
  const { number } = await reported(rollout, /replicas 3 -> 7/);
  await edit(rollout, "kubectl-edit", configMap("flags", namespace, "checkout=new"));
  const data = { token: Buffer.from("changed").toString("base64") };
  await edit(rollout, "kubectl-patch", {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "keys", namespace },
    data,
  });
  await reported(rollout, /and 2 more/);
  const open = await shownOf(rollout, number);
  await ask(rollout, number, "/lockkeeper heal Deployment/web");
  await reported(rollout, /and 1 more/);
  await ask(rollout, number, "/lockkeeper heal");
  await eventually(async () => {
    const { state } = await rollout.as("grace", "GET", `/issues/${number}`);
    if (state !== "closed") throw new Error("the issue is still open");
  });
  return { ...rest, shown: { drift: open, "drift-healed": await shownOf(rollout, number) } };
}

function configMap(name: string, namespace: string, text: string): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { text } };
}

async function edit({ cluster }: RolloutWorld, manager: string, object: KubernetesObject): Promise<void> {
  value(await cluster.apply(object, { manager, force: true, dryRun: false, as: "self" }));
}

async function reported(rollout: RolloutWorld, title: RegExp): Promise<{ readonly number: number }> {
  return eventually(async () => {
    const all = await rollout.as("grace", "GET", "/issues?state=open&labels=lockkeeper%2Fdrift");
    const found = all.find((issue: Shown) => title.test(issue.title));
    return found ?? missing(`report like ${title.source}`);
  });
}

async function ask(rollout: RolloutWorld, number: number, body: string): Promise<void> {
  await rollout.as("grace", "POST", `/issues/${number}/comments`, { body });
  for (let times = 0; times < 2; times++)
    value(await command(rollout.world!, { flow: "command", repository: rollout.repository, number }));
  rollout.push();
}

async function shownOf(rollout: RolloutWorld, number: number): Promise<Shown> {
  const { title, body } = await rollout.as("grace", "GET", `/issues/${number}`);
  const comments: { body: string; user: { login: string } }[] = await rollout.as(
    "grace",
    "GET",
    `/issues/${number}/comments`,
  );
  return {
    title,
    body,
    below: comments.map(({ user, body: text }) => ({ author: user.login, body: text })),
  };
}
