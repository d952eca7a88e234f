import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../src/model/resource.ts";
import { claimOn, takeOverPatch } from "../../src/rollout/take-over.ts";
import { deployment, deploymentBody, entry } from "./objects.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function live(metadata: object): KubernetesObject {
  const base = deployment(deploymentBody, []);
  return { ...base, metadata: { ...base.metadata, labels: {}, ...metadata } };
}

describe("an object that was there before", () => {
  const tracked = { annotations: { "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:web/web" } };
  const byLabel = {
    labels: { "app.kubernetes.io/instance": "shop" },
    managedFields: [entry("argocd-controller", {}, { operation: "Update" })],
  };

  test.each([
    ["by kubectl", { annotations: { [lastApplied]: "{}" } }, "none"],
    [
      "by Helm",
      {
        annotations: { "meta.helm.sh/release-name": "web" },
        labels: { "app.kubernetes.io/instance": "web" },
      },
      "none",
    ],
    ["by us, for this app", { labels: { "lockkeeper.dev/app": "abc" } }, "none"],
    ["by us, for an app that is none any more", { labels: { "lockkeeper.dev/app": "left" } }, "none"],
    ["by Flux", { labels: { "kustomize.toolkit.fluxcd.io/name": "apps" } }, "engine"],
    ["by Flux's Helm controller", { labels: { "helm.toolkit.fluxcd.io/name": "web" } }, "engine"],
    ["by Argo CD", tracked, "engine"],
    ["by Argo CD, which tracks by label", byLabel, "engine"],
    ["for another app of ours", { labels: { "lockkeeper.dev/app": "other" } }, "never"],
    ["by a controller", { ownerReferences: [{ controller: true }] }, "never"],
    ["and is being deleted", { deletionTimestamp: "2026-01-01T00:00:00Z" }, "never"],
  ])("%s: %#", (_, metadata, kind) => {
    expect(claimOn(live(metadata), ["abc", "left"]).kind).toBe(kind);
  });
});

describe("taking over", () => {
  const csa = entry(
    "kubectl-client-side-apply",
    { spec: { replicas: 3, paused: false } },
    { operation: "Update" },
  );
  const status = entry("kube-controller-manager", { status: { replicas: 3 } }, { operation: "Update" });

  test("joins what makers own into one entry of ours, and leaves the others alone", () => {
    const ours = entry("lockkeeper", { spec: { minReadySeconds: 1 } });
    const object = live({ annotations: { [lastApplied]: "{}" }, managedFields: [csa, status, ours] });
    const patch = takeOverPatch(object, "apps/v1")!;
    expect(patch.map(({ op, path }) => `${op} ${path}`)).toEqual([
      "test /metadata/resourceVersion",
      "replace /metadata/managedFields",
      "remove /metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
    ]);
    const [joined, kept] = patch[1]!.value as ReturnType<typeof entry>[];
    expect(joined).toMatchObject({ manager: "lockkeeper", operation: "Apply" });
    expect(Object.keys(joined!.fieldsV1["f:spec"] as object).sort()).toEqual([
      "f:minReadySeconds",
      "f:paused",
      "f:replicas",
    ]);
    expect(kept).toEqual(status);
  });

  test("leaves a restart to who asked for it: its end would start every pod anew", () => {
    const annotations = { "kubectl.kubernetes.io/restartedAt": "now", note: "x" };
    const edit = entry(
      "kubectl-edit",
      { spec: { template: { metadata: { annotations } } } },
      { operation: "Update" },
    );
    const patch = takeOverPatch(live({ managedFields: [edit] }), "apps/v1")!;
    const entries = patch[1]!.value as ReturnType<typeof entry>[];
    expect(JSON.stringify(entries[0])).not.toContain("restartedAt");
    expect(JSON.stringify(entries[0])).toContain("f:note");
    expect(entries[1]).toMatchObject({ manager: "kubectl-edit" });
    expect(JSON.stringify(entries[1])).toContain("restartedAt");
  });

  test.each([
    ["controllers", [status]],
    ["subresources", [{ ...csa, subresource: "scale" }]],
    ["another version", [{ ...csa, apiVersion: "extensions/v1beta1" }]],
    ["kubectl rollout", [{ ...csa, manager: "kubectl-rollout" }]],
  ])("has nothing to do for what is owned by %s", (_, managedFields) => {
    expect(takeOverPatch(live({ managedFields }), "apps/v1")).toBeNull();
  });
});
