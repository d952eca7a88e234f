/** What policies of the cluster say of a plan: only a real API server has them. */

import { type Server, createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/model/resource.ts";
import { selfSigned } from "../../../src/sandbox/cluster/memory/self-signed.ts";
import { applied, map, namespaceFile, planOf, propose, web } from "../plan-steps.ts";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  eventually,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;
let hook: { server: Server; asked: { dryRun: boolean }[]; url: string; authority: string };
const denial = "no @latest here; your password is hunter2";

/** Denies everything that it is asked about. */
async function startHook(): Promise<typeof hook> {
  const identity = selfSigned(new Date());
  const asked: { dryRun: boolean }[] = [];
  const server = createServer({ key: identity.key, cert: identity.certificate }, (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { apiVersion, kind, request } = JSON.parse(Buffer.concat(chunks).toString()) as {
        apiVersion: string;
        kind: string;
        request: { uid: string; dryRun: boolean };
      };
      asked.push({ dryRun: request.dryRun });
      response.setHeader("content-type", "application/json");
      const answer = { uid: request.uid, allowed: false, status: { message: denial } };
      response.end(JSON.stringify({ apiVersion, kind, response: answer }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { server, asked, url, authority: Buffer.from(identity.certificate).toString("base64") };
}

/** v1 takes no webhook any more that has effects in dry runs; servers that still have v1beta1 do. */
async function register(resource: string, sideEffects: "None" | "Some"): Promise<KubernetesObject> {
  const { namespace } = rollout;
  const configuration = {
    apiVersion: "admissionregistration.k8s.io/v1beta1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: `policy-${namespace}` },
    webhooks: [
      {
        name: "policy.example.com",
        clientConfig: { url: hook.url, caBundle: hook.authority },
        rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: [resource] }],
        namespaceSelector: { matchLabels: { "lockkeeper.dev/test": namespace } },
        sideEffects,
        admissionReviewVersions: ["v1", "v1beta1"],
        failurePolicy: "Fail",
      },
    ],
  };
  const labelled = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace, labels: { "lockkeeper.dev/test": namespace } },
  };
  const options = { manager: "test", force: true, dryRun: false, as: "self" } as const;
  value(await rollout.cluster.apply(labelled, options));
  return value(await rollout.cluster.create(configuration));
}

async function begin(files: Readonly<Record<string, string>>): Promise<void> {
  rollout = await startRollout(ground, (namespace) => ({ ...namespaceFile(namespace), ...files }));
  rollout.start();
  rollout.push();
  await applied(rollout);
}

describe.each(clusterKinds.filter((kind) => kind !== "in-memory"))("a plan on %s", (kind) => {
  beforeAll(async () => {
    [ground, hook] = await Promise.all([startGround(kind), startHook()]);
  });
  afterAll(async () => {
    await ground.stop();
    hook.server.closeAllConnections();
    hook.server.close();
  });
  afterEach(() => rollout.stop());

  test("tells the words of a webhook that denies, without letting them do anything", async () => {
    await begin({ "web.yaml": web("web:1") });
    await register("deployments", "None");
    const { sha } = await propose(rollout, "image", { "web.yaml": web("web:2") });
    const { run } = await eventually(async () => {
      const planned = await planOf(rollout, sha, true);
      expect(planned.run.conclusion).toBe("failure");
      return planned;
    });
    expect(hook.asked.at(-1)).toEqual({ dryRun: true });
    expect(run.title).toContain("refused by admission webhook policy.example.com: no @latest here");
    expect(run.summary).toContain("`@latest`");
    expect(run.summary.replaceAll(/`[^`]*`/g, "")).not.toContain("@latest");
  });

  test("does not quote what a webhook says of a Secret", async () => {
    await begin({ "a.yaml": map("a", "one") });
    await register("secrets", "None");
    const secret = "apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\nstringData: { a: b }\n";
    const { sha } = await propose(rollout, "keys", { "keys.yaml": secret });
    const { run } = await eventually(async () => {
      const planned = await planOf(rollout, sha, true);
      expect(planned.run.conclusion).toBe("failure");
      return planned;
    });
    expect(run.title).toContain("refused by admission webhook policy.example.com");
    expect(JSON.stringify(run)).not.toContain("hunter2");
  });

  test("tells it from the manifests where a webhook takes no dry runs", async () => {
    await begin({ "web.yaml": web("web:1") });
    await register("deployments", "Some");
    const { sha } = await propose(rollout, "image", { "web.yaml": web("web:2") });
    const { run } = await eventually(async () => {
      const planned = await planOf(rollout, sha, true);
      expect(planned.run.summary).toContain("not validated by the server");
      return planned;
    });
    expect(run).toMatchObject({
      conclusion: "success",
      title: "Changes 1, restarts web (3 replicas), prunes none",
    });
    expect(run.summary).toContain("the admission webhook policy.example.com does not support dry runs");
    expect(run.summary).toContain("image` | `web:1` | `web:2` |");
  });
});
