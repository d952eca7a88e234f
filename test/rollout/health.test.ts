import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../src/model/resource.ts";
import { type HealthState, healthOf } from "../../src/rollout/health.ts";

function of(apiVersion: string, kind: string, spec: object, status: object): KubernetesObject {
  return { apiVersion, kind, metadata: { name: "x", generation: 2 }, spec, status };
}

const seen = { observedGeneration: 2 };
const done = { ...seen, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
const condition = (type: string, status = "True", reason = "") => ({
  conditions: [{ type, status, reason }],
});
const three = { replicas: 3 };

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
];

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
