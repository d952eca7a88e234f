import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SandboxCluster, startCluster } from "../../../src/sandbox/cluster.ts";
import { findAssets } from "../../../src/sandbox/cluster/cluster-assets.ts";
import type { KubernetesObject } from "../../../src/model/resource.ts";
import { Reloading, allOf, auto, container, deployment, podTemplate } from "./reload-world.ts";
import { eventually } from "../rollout-world.ts";
import { value } from "../user-call.ts";

let sandbox: SandboxCluster;
let reloading: Reloading;
let worlds = 0;

async function begin(): Promise<void> {
  worlds += 1;
  reloading = await Reloading.open(sandbox, `kinds-${worlds}`, ["*"]);
}

const crd = (group: string, version: string, kind: string, more: object = {}) => {
  const plural = kind.endsWith("s") ? `${kind.toLowerCase()}es` : `${kind.toLowerCase()}s`;
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        { name: version, served: true, storage: true, schema: { openAPIV3Schema: { ...open, ...more } } },
      ],
    },
  };
};

/** As the controller of Argo Rollouts defines it, as far as this matters. */
const rollouts = crd("argoproj.io", "v1alpha1", "Rollout", {
  properties: {
    spec: {
      type: "object",
      properties: {
        restartAt: { type: "string", format: "date-time" },
        replicas: { type: "integer" },
        selector: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        strategy: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        template: {
          type: "object",
          properties: {
            metadata: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
          },
        },
      },
    },
  },
});
const store = "secrets-store.csi.x-k8s.io";

async function define(definition: ReturnType<typeof crd>): Promise<void> {
  value(await reloading.cluster.create(definition as unknown as KubernetesObject));
  const { group, versions, names } = definition.spec;
  await eventually(async () => {
    value(await reloading.cluster.kind(`${group}/${versions[0]!.name}`, names.kind));
  });
}

const usesSecret = allOf("Secret", "db");
const selector = (name: string) => ({ matchLabels: { app: name } });
const metadata = (name: string, annotations: object = auto) => ({ name, annotations });
const workloads = (): readonly (readonly [string, object])[] => [
  ["Deployment", deployment("web", usesSecret)],
  [
    "StatefulSet",
    {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: metadata("web"),
      spec: {
        serviceName: "web",
        replicas: 1,
        selector: selector("set"),
        template: podTemplate("set", usesSecret),
      },
    },
  ],
  [
    "DaemonSet",
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: metadata("web"),
      spec: { selector: selector("agent"), template: podTemplate("agent", usesSecret) },
    },
  ],
  [
    "CronJob",
    {
      apiVersion: "batch/v1beta1",
      kind: "CronJob",
      metadata: metadata("web"),
      spec: {
        schedule: "17 3 1 1 *",
        jobTemplate: { spec: { template: podTemplate("sweep", { restartPolicy: "Never", ...usesSecret }) } },
      },
    },
  ],
  [
    "Rollout",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: metadata("web"),
      spec: { replicas: 1, selector: selector("canary"), template: podTemplate("canary", usesSecret) },
    },
  ],
];

describe.skipIf(findAssets(process.env) === null)(
  "every kind, on a real API server with its controllers",
  () => {
    beforeAll(async () => {
      sandbox = await startCluster({ kind: "kube-apiserver" });
    });
    afterAll(() => sandbox.stop());

    test("is rolled by its template, nothing else of it is touched, and a Job is only told of", async () => {
      await begin();
      await define(rollouts);
      await reloading.secret("db", { password: "one" });
      for (const [, workload] of workloads()) await reloading.apply(workload);
      await reloading.apply({
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: metadata("once"),
        spec: { parallelism: 0, template: { spec: { restartPolicy: "Never", ...usesSecret } } },
      });
      reloading.start();
      const kinds = workloads().map(([kind]) => kind);
      for (const kind of kinds) await reloading.recorded("web", kind);
      const job = await reloading.recorded("once", "Job");
      await reloading.seen(await reloading.secret("db", { password: "two" }));
      await reloading.ripe();
      for (const kind of kinds)
        expect(await reloading.rolled("web", undefined, kind)).toMatch(/^[0-9a-f]{32}$/);
      await eventually(async () => expect(await reloading.observed("once", "Job")).not.toBe(job));
      const events = await reloading.events();
      expect(events.map((event) => (event["involvedObject"] as { kind: string }).kind).toSorted()).toEqual(
        [...kinds, "Job"].toSorted(),
      );
      expect(events.map(({ message }) => message)).toContain(
        "Its configuration changed while it runs; it is left as it is: Secret db (password)",
      );
      // Applying the same manifests again takes nothing away.
      for (const [, workload] of workloads()) await reloading.apply(workload);
      for (const kind of kinds) {
        expect(await reloading.hash("web", kind)).toBeDefined();
        const ours = (await reloading.live(kind, "web")).metadata.managedFields?.filter(
          ({ manager }) => manager === "lockkeeper-reload",
        );
        expect(
          JSON.stringify(ours?.map(({ fieldsV1 }) => fieldsV1))
            .match(/f:[a-z.]+\/[a-z-]+/g)
            ?.toSorted(),
        ).toEqual(["f:lockkeeper.dev/config-hash", "f:lockkeeper.dev/reload-observed"]);
      }
      await reloading.stop();
    });

    test("a Rollout that says so is restarted by its controller, and keeps its template", async () => {
      await begin();
      await reloading.secret("db", { password: "one" });
      const [, rollout] = workloads().find(([kind]) => kind === "Rollout")!;
      const annotations = { ...auto, "reloader.stakater.com/rollout-strategy": "restart" };
      await reloading.apply({ ...rollout, metadata: metadata("web", annotations) });
      reloading.start();
      await reloading.recorded("web", "Rollout");
      await reloading.seen(await reloading.secret("db", { password: "two" }));
      await reloading.ripe();
      const restartAt = async () =>
        ((await reloading.live("Rollout", "web"))["spec"] as { restartAt?: string }).restartAt;
      await eventually(async () => expect(await restartAt()).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/));
      expect(await reloading.hash("web", "Rollout")).toBeUndefined();
      const before = await restartAt();
      // A record without a restart keeps the time of the last one.
      const record = await reloading.observed("web", "Rollout");
      await reloading.apply({
        ...rollout,
        metadata: metadata("web", annotations),
        spec: { ...(rollout as { spec: object }).spec, template: podTemplate("canary", container({})) },
      });
      await eventually(async () => {
        reloading.pass(15);
        expect(await reloading.observed("web", "Rollout")).not.toBe(record);
      });
      expect(await restartAt()).toBe(before);
      await reloading.stop();
    });

    test("a class of the secret store rolls once its rotation has reached all pods of the workload", async () => {
      await begin();
      await define(crd(store, "v1", "SecretProviderClass"));
      await define(crd(store, "v1", "SecretProviderClassPodStatus"));
      const attributes = { secretProviderClass: "vault" };
      const csi = { driver: "secrets-store.csi.k8s.io", readOnly: true, volumeAttributes: attributes };
      const pod = {
        ...container({ volumeMounts: [{ name: "v", mountPath: "/v" }] }),
        volumes: [{ name: "v", csi }],
      };
      await reloading.apply({
        apiVersion: `${store}/v1`,
        kind: "SecretProviderClass",
        metadata: { name: "vault" },
      });
      const mounted = (name: string, version: string) =>
        reloading.apply({
          apiVersion: `${store}/v1`,
          kind: "SecretProviderClassPodStatus",
          metadata: { name },
          status: {
            podName: name,
            secretProviderClassName: "vault",
            objects: [{ id: "secret/password", version }],
          },
        });
      await mounted("web-a", "1");
      await mounted("web-b", "1");
      await mounted("other-a", "0");
      await reloading.apply(deployment("web", pod));
      reloading.start();
      expect(await reloading.recorded("web")).toContain("secret/password");
      const room = reloading.world.watches.index.room(reloading.namespace);
      const version = (name: string) => room.mounted.get(name)?.versions[0]?.[1];
      await mounted("web-a", "2");
      await eventually(() => expect(version("web-a")).toBe("2"));
      await reloading.ripe();
      await reloading.ripe();
      expect(await reloading.hash("web")).toBeUndefined();
      await mounted("web-b", "2");
      await eventually(() => expect(version("web-b")).toBe("2"));
      await eventually(async () => {
        reloading.pass(15);
        expect(await reloading.hash("web")).toBeDefined();
      });
      expect((await reloading.events())[0]).toMatchObject({
        message: "Rolled: its configuration changed: SecretProviderClass vault (secret/password)",
      });
      await reloading.stop();
    });
  },
);
