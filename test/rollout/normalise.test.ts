import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../src/model/resource.ts";
import { appHash } from "../../src/rollout/app-hash.ts";
import { normalise } from "../../src/rollout/normalise.ts";
import { byStage } from "../../src/rollout/order.ts";
import { outsideTarget } from "../../src/rollout/within-target.ts";

const placement = { appHash: "abc", namespaced: true, namespace: "web" };
const object = (kind: string, more: object = {}, apiVersion = "v1"): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: "x" },
  ...more,
});

describe("a normalised object", () => {
  test("is placed and labelled, and carries nothing that the server sets", () => {
    const given = object("Service", {
      metadata: {
        name: "x",
        uid: "u",
        resourceVersion: "1",
        managedFields: [],
        labels: { version: 1, gone: null },
      },
      status: { loadBalancer: {} },
    });
    expect(normalise(given, placement)).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "x", namespace: "web", labels: { version: "1", "lockkeeper.dev/app": "abc" } },
    });
  });

  test("keeps its own namespace, and loses it where the kind has none", () => {
    const given = object("Role", { metadata: { name: "x", namespace: "mine" } });
    expect(normalise(given, placement).metadata.namespace).toBe("mine");
    expect(normalise(given, { ...placement, namespaced: false }).metadata.namespace).toBeUndefined();
  });

  test("has no nulls but keeps what is empty", () => {
    const given = object("ConfigMap", { data: { a: null, b: "" }, spec: { emptyDir: {}, list: [null, 1] } });
    expect(normalise(given, placement)).toMatchObject({ data: { b: "" }, spec: { emptyDir: {}, list: [1] } });
    expect(normalise(given, placement)["data"]).not.toHaveProperty("a");
  });

  test("leaves to controllers what only they can fill in", () => {
    const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
    const aggregated = object("ClusterRole", { aggregationRule: { clusterRoleSelectors: [] }, rules });
    expect(normalise(aggregated, placement)).not.toHaveProperty("rules");
    expect(normalise(object("ClusterRole", { rules }), placement)["rules"]).toEqual(rules);
    const hook = (caBundle: string) => ({ name: "a", clientConfig: { url: "https://a", caBundle } });
    const given = object("ValidatingWebhookConfiguration", { webhooks: [hook("Cg=="), hook("cmVhbA==")] });
    expect(normalise(given, placement)["webhooks"]).toEqual([
      { name: "a", clientConfig: { url: "https://a" } },
      hook("cmVhbA=="),
    ]);
  });

  test("has its stringData encoded, over data", () => {
    const given = object("Secret", { data: { a: "b2xk", b: "Yg==" }, stringData: { a: "new" } });
    expect(normalise(given, placement)).toMatchObject({ data: { a: "bmV3", b: "Yg==" } });
    expect(normalise(given, placement)).not.toHaveProperty("stringData");
  });

  test("names the protocol of its ports, but not of what only looks like one", () => {
    const given = object("Pod", {
      spec: {
        containers: [{ ports: [{ containerPort: 80 }, { containerPort: 53, protocol: "UDP" }] }],
        ports: [{ port: 80 }],
        other: { ports: [{ port: "http" }] },
      },
    });
    expect(normalise(given, placement)["spec"]).toEqual({
      containers: [
        {
          ports: [
            { containerPort: 80, protocol: "TCP" },
            { containerPort: 53, protocol: "UDP" },
          ],
        },
      ],
      ports: [{ port: 80, protocol: "TCP" }],
      other: { ports: [{ port: "http" }] },
    });
  });

  test("writes quantities as text in built-in kinds and leaves custom resources alone", () => {
    const spec = { resources: { limits: { cpu: 4 }, requests: { memory: 1e9 } }, max: { cpu: 1 } };
    expect(normalise(object("Pod", { spec }), placement)["spec"]).toEqual({
      resources: { limits: { cpu: "4" }, requests: { memory: "1000000000" } },
      max: { cpu: 1 },
    });
    expect(normalise(object("LimitRange", { spec }), placement)).toMatchObject({
      spec: { max: { cpu: "1" } },
    });
    expect(normalise(object("Thing", { spec }, "acme.dev/v1"), placement)["spec"]).toEqual(spec);
  });

  test("drops what reloads have written into a manifest that was read from a cluster", () => {
    const annotations = { mine: "yes", "lockkeeper.dev/reload": "auto" };
    const metadata = { name: "web", annotations: { ...annotations, "lockkeeper.dev/reload-observed": "{}" } };
    const pods = { metadata: { annotations: { "lockkeeper.dev/config-hash": "00" } } };
    const given = normalise(
      object("Deployment", { metadata, spec: { template: pods } }, "apps/v1"),
      placement,
    );
    expect(given.metadata.annotations).toEqual(annotations);
    expect(given["spec"]).toEqual({ template: { metadata: { annotations: {} } } });
  });

  test("normalised again stays the same", () => {
    const given = object("Secret", {
      stringData: { a: "b" },
      spec: { limits: { cpu: 1 }, ports: [{ port: 1 }] },
    });
    const once = normalise(given, placement);
    expect(normalise(once, placement)).toEqual(once);
  });
});

test("objects are applied after what they stand on", () => {
  const kinds = [
    object("APIService", {}, "apiregistration.k8s.io/v1"),
    object("Deployment", {}, "apps/v1"),
    object("Thing", {}, "acme.dev/v1"),
    object("Service"),
    object("Namespace"),
    object("ConfigMap"),
    object("CustomResourceDefinition", {}, "apiextensions.k8s.io/v1"),
  ];
  expect(byStage(kinds, (each) => each).map((stage) => stage.map((each) => each.kind))).toEqual([
    ["Namespace", "CustomResourceDefinition"],
    ["Service", "ConfigMap"],
    ["Deployment"],
    ["Thing"],
    ["APIService"],
  ]);
});

describe("what a target allows", () => {
  const bounds = { namespaces: ["web", "team-*"], allowedKinds: ["Namespace", "Role"] };
  const within = (kind: string, namespace: string | undefined, namespaced = true, apiVersion = "v1") =>
    outsideTarget(object(kind, { metadata: { name: "team-a", namespace } }, apiVersion), namespaced, bounds);
  const rbac = "rbac.authorization.k8s.io/v1";

  test.each([
    ["a namespaced kind in one of its namespaces", within("ConfigMap", "team-b")],
    ["a Namespace of its own", within("Namespace", undefined, false)],
    ["RBAC that it names", within("Role", "web", true, rbac)],
  ])("%s", (_, refusal) => {
    expect(refusal).toBeNull();
  });

  test.each([
    ["another namespace", within("ConfigMap", "kube-system"), /namespace kube-system/],
    [
      "our own namespace",
      outsideTarget(object("ConfigMap", { metadata: { name: "x", namespace: "lockkeeper-system" } }), true, {
        ...bounds,
        namespaces: ["**"],
      }),
      /own/,
    ],
    ["no namespace", within("ConfigMap", undefined), /names none/],
    ["RBAC", within("RoleBinding", "web", true, rbac), /kind RoleBinding/],
    ["a cluster-scoped kind", within("ClusterRole", undefined, false, rbac), /kind ClusterRole/],
  ])("not %s", (_, refusal, message) => {
    expect(refusal).toMatch(message);
  });
});

test("the app's hash is a label value, stable, and another for another path or repository", () => {
  expect(appHash(5, "apps/web")).toMatch(/^[0-9a-f]{20}$/);
  expect(appHash(5, "apps/web")).toBe(appHash(5, "apps/web"));
  expect(new Set([appHash(5, "apps/web"), appHash(6, "apps/web"), appHash(5, "apps/we")]).size).toBe(3);
});
