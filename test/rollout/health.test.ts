import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../src/model/resource.ts";
import type { HealthState } from "../../src/rollout/health-states.ts";
import { healthOf } from "../../src/rollout/health.ts";

function of(apiVersion: string, kind: string, spec: object, status: object): KubernetesObject {
  return { apiVersion, kind, metadata: { name: "x", generation: 2 }, spec, status };
}

const seen = { observedGeneration: 2 };
const done = { ...seen, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
const condition = (type: string, status = "True", reason = "") => ({
  conditions: [{ type, status, reason }],
});
const three = { replicas: 3 };
/** A CronJob that ran last at the one second, and succeeded last at the other. */
const ran = (last: number, succeeded?: number) => ({
  lastScheduleTime: `2026-01-01T00:00:${last}Z`,
  ...(succeeded === undefined ? {} : { lastSuccessfulTime: `2026-01-01T00:00:${succeeded}Z` }),
});

const cases: readonly [string, KubernetesObject, HealthState][] = [
  ["a Deployment that is complete", of("apps/v1", "Deployment", three, done), "ready"],
  [
    "one whose controller lags",
    of("apps/v1", "Deployment", three, { ...done, observedGeneration: 1 }),
    "progressing",
  ],
  ["one not seen yet", of("apps/v1", "Deployment", three, {}), "progressing"],
  ["one with old replicas", of("apps/v1", "Deployment", three, { ...done, replicas: 4 }), "progressing"],
  [
    "one partly available",
    of("apps/v1", "Deployment", three, { ...done, availableReplicas: 2 }),
    "progressing",
  ],
  ["one scaled to nothing", of("apps/v1", "Deployment", { replicas: 0 }, seen), "ready"],
  ["one that is paused", of("apps/v1", "Deployment", { ...three, paused: true }, seen), "ready"],
  [
    "one that gave up",
    of("apps/v1", "Deployment", three, {
      ...seen,
      ...condition("Progressing", "False", "ProgressDeadlineExceeded"),
    }),
    "failed",
  ],
  [
    "a StatefulSet not ready",
    of("apps/v1", "StatefulSet", three, { ...seen, readyReplicas: 2 }),
    "progressing",
  ],
  [
    "a StatefulSet between revisions",
    of("apps/v1", "StatefulSet", three, {
      ...seen,
      readyReplicas: 3,
      currentRevision: "a",
      updateRevision: "b",
    }),
    "progressing",
  ],
  [
    "a StatefulSet with a partition",
    of(
      "apps/v1",
      "StatefulSet",
      { ...three, updateStrategy: { rollingUpdate: { partition: 2 } } },
      { ...seen, readyReplicas: 3, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" },
    ),
    "ready",
  ],
  [
    "a DaemonSet without nodes",
    of("apps/v1", "DaemonSet", {}, { ...seen, desiredNumberScheduled: 0 }),
    "ready",
  ],
  ["a Job at work", of("batch/v1", "Job", {}, { active: 1 }), "progressing"],
  ["a Job done", of("batch/v1", "Job", {}, condition("Complete")), "ready"],
  ["a Job that failed", of("batch/v1", "Job", {}, condition("Failed")), "failed"],
  ["a CronJob", of("batch/v1", "CronJob", {}, {}), "ready"],
  ["a definition", of("apiextensions.k8s.io/v1", "CustomResourceDefinition", {}, {}), "progressing"],
  ["a custom resource without conditions", of("acme.dev/v1", "Thing", {}, {}), "ready"],
  ["one that is not ready", of("acme.dev/v1", "Thing", {}, condition("Ready", "False")), "progressing"],
  ["one that is stalled", of("acme.dev/v1", "Thing", {}, condition("Stalled")), "failed"],
  ["a ConfigMap", of("v1", "ConfigMap", {}, {}), "ready"],
  ["a claim that is bound", of("v1", "PersistentVolumeClaim", {}, { phase: "Bound" }), "ready"],
  [
    "a claim that waits for its first consumer",
    of("v1", "PersistentVolumeClaim", {}, { phase: "Pending" }),
    "ready",
  ],
  ["a claim that lost its volume", of("v1", "PersistentVolumeClaim", {}, { phase: "Lost" }), "failed"],
  ["a Service", of("v1", "Service", { type: "ClusterIP" }, {}), "ready"],
  ["a load balancer without an address", of("v1", "Service", { type: "LoadBalancer" }, {}), "progressing"],
  [
    "a load balancer with one",
    of("v1", "Service", { type: "LoadBalancer" }, { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } }),
    "ready",
  ],
  ["an Ingress without an address", of("networking.k8s.io/v1", "Ingress", {}, {}), "ready"],
  ["a Namespace", of("v1", "Namespace", {}, { phase: "Active" }), "ready"],
  ["a Namespace that ends", of("v1", "Namespace", {}, { phase: "Terminating" }), "failed"],
  ["a Pod at work", of("v1", "Pod", {}, { phase: "Running", ...condition("Ready") }), "ready"],
  [
    "a Pod not ready",
    of("v1", "Pod", {}, { phase: "Running", ...condition("Ready", "False") }),
    "progressing",
  ],
  ["a Pod that is done", of("v1", "Pod", {}, { phase: "Succeeded" }), "ready"],
  ["a Pod that failed", of("v1", "Pod", {}, { phase: "Failed" }), "failed"],
  [
    "a ReplicaSet short of one",
    of("apps/v1", "ReplicaSet", three, { ...seen, availableReplicas: 2 }),
    "progressing",
  ],
  [
    "a StatefulSet OnDelete",
    of(
      "apps/v1",
      "StatefulSet",
      { ...three, updateStrategy: { type: "OnDelete" } },
      { ...seen, readyReplicas: 3, currentRevision: "a", updateRevision: "b" },
    ),
    "ready",
  ],
  [
    "a DaemonSet between revisions",
    of(
      "apps/v1",
      "DaemonSet",
      {},
      { ...seen, desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 },
    ),
    "progressing",
  ],
  ["a Job that is suspended", of("batch/v1", "Job", { suspend: true }, {}), "ready"],
  ["a Job whose criteria are met", of("batch/v1", "Job", {}, condition("SuccessCriteriaMet")), "ready"],
  [
    "a definition established",
    of("apiextensions.k8s.io/v1", "CustomResourceDefinition", {}, condition("Established")),
    "ready",
  ],
  [
    "a definition whose names are taken",
    of("apiextensions.k8s.io/v1", "CustomResourceDefinition", {}, condition("NamesAccepted", "False")),
    "failed",
  ],
  ["an API that answers", of("apiregistration.k8s.io/v1", "APIService", {}, condition("Available")), "ready"],
  [
    "an API that does not",
    of("apiregistration.k8s.io/v1", "APIService", {}, condition("Available", "False")),
    "progressing",
  ],
  ["an autoscaler not seen yet", of("autoscaling/v2", "HorizontalPodAutoscaler", {}, {}), "ready"],
  [
    "an autoscaler without metrics",
    of(
      "autoscaling/v2",
      "HorizontalPodAutoscaler",
      {},
      condition("ScalingActive", "False", "FailedGetResourceMetric"),
    ),
    "ready",
  ],
  [
    "an autoscaler with a bad selector",
    of(
      "autoscaling/v2",
      "HorizontalPodAutoscaler",
      {},
      condition("ScalingActive", "False", "InvalidSelector"),
    ),
    "failed",
  ],
  [
    "an autoscaler of nothing",
    of("autoscaling/v2", "HorizontalPodAutoscaler", {}, condition("AbleToScale", "False", "FailedGetScale")),
    "failed",
  ],
  [
    "a budget that is short",
    of("policy/v1", "PodDisruptionBudget", {}, { ...seen, currentHealthy: 1, desiredHealthy: 2 }),
    "ready",
  ],
  ["one that failed", of("acme.dev/v1", "Thing", {}, condition("Failed")), "failed"],
  ["one at work", of("acme.dev/v1", "Thing", {}, condition("Reconciling")), "progressing"],
  ["one in sync", of("acme.dev/v1", "Thing", {}, condition("Synced")), "ready"],
  [
    "one whose condition is of an older generation",
    of(
      "acme.dev/v1",
      "Thing",
      {},
      { conditions: [{ type: "Ready", status: "True", observedGeneration: 1 }] },
    ),
    "progressing",
  ],
];

test.each([
  ["that has not run", {}],
  ["whose last run succeeded", ran(10, 20)],
  ["at work after a failure", { ...ran(20, 10), active: [{ name: "x-1" }] }],
])("of a CronJob %s nothing is to be said", (_, status) => {
  expect(healthOf(of("batch/v1", "CronJob", {}, status))).toEqual({ state: "ready", reason: "" });
});

test.each([
  ["a paused Deployment", of("apps/v1", "Deployment", { paused: true }, seen)],
  ["an OnDelete DaemonSet", of("apps/v1", "DaemonSet", { updateStrategy: { type: "OnDelete" } }, seen)],
  ["a suspended Job", of("batch/v1", "Job", { suspend: true }, {})],
  ["an Ingress nobody serves", of("networking.k8s.io/v1", "Ingress", {}, {})],
  ["a budget that is short", of("policy/v1", "PodDisruptionBudget", {}, { ...seen, desiredHealthy: 2 })],
  ["a suspended CronJob", of("batch/v1", "CronJob", { suspend: true }, ran(10, 20))],
  ["a CronJob whose last run failed", of("batch/v1", "CronJob", {}, ran(20, 10))],
  ["a CronJob of which no run succeeded", of("batch/v1", "CronJob", {}, ran(20))],
])("%s is ready, and something is to be said of it", (_, object) => {
  expect(healthOf(object)).toEqual({ state: "ready", reason: "", note: expect.any(String) });
});

test("what holds up a deletion is named", () => {
  const metadata = {
    name: "x",
    deletionTimestamp: "2026-01-01T00:00:00Z",
    finalizers: ["a.dev/one", "a.dev/two"],
  };
  const { reason } = healthOf({ apiVersion: "v1", kind: "ConfigMap", metadata });
  expect(reason).toBe("it is being deleted and waits for a.dev/one, a.dev/two, its finalizers");
});

describe("health", () => {
  test.each(cases)("%s", (_, object, state) => {
    expect(healthOf(object).state).toBe(state);
    expect(healthOf(object).reason === "").toBe(state === "ready");
  });

  test("an object that is being deleted is not ready", () => {
    const object = of("v1", "ConfigMap", {}, {});
    const metadata = { ...object.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
    expect(healthOf({ ...object, metadata }).state).toBe("failed");
  });
});
