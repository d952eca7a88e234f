import { describe, expect, test } from "vitest";
import { byStage, byTurn } from "../../src/rollout/order.ts";
import { goesWhenDone, turnOf } from "../../src/rollout/turn.ts";

const of = (annotations: Record<string, string>) =>
  turnOf({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", annotations } });

describe("an object has its turn", () => {
  test.each([
    ["nothing said", {}],
    ["our wave", { "lockkeeper.dev/wave": "0" }],
    ["Argo CD's Sync", { "argocd.argoproj.io/hook": "Sync" }],
  ])("with the others: %s", (_, annotations) => {
    expect(of(annotations)).toEqual({ at: 0 });
  });

  test.each([
    ["our wave", { "lockkeeper.dev/wave": "-3" }, { "lockkeeper.dev/wave": "2" }],
    ["Argo CD's wave", { "argocd.argoproj.io/sync-wave": "-3" }, { "argocd.argoproj.io/sync-wave": "2" }],
    ["Argo CD's hooks", { "argocd.argoproj.io/hook": "PreSync" }, { "argocd.argoproj.io/hook": "PostSync" }],
    ["Helm's hooks", { "helm.sh/hook": "pre-install,pre-upgrade" }, { "helm.sh/hook": "post-upgrade,test" }],
    [
      "Helm's weights",
      { "helm.sh/hook": "pre-install", "helm.sh/hook-weight": "-5" },
      { "helm.sh/hook": "pre-install", "helm.sh/hook-weight": "5" },
    ],
    [
      "hooks, whatever their waves",
      { "argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/sync-wave": "10000" },
      { "argocd.argoproj.io/sync-wave": "-10000" },
    ],
    [
      "our wave before Argo CD's",
      { "lockkeeper.dev/wave": "1", "argocd.argoproj.io/sync-wave": "9" },
      { "lockkeeper.dev/wave": "2", "argocd.argoproj.io/sync-wave": "1" },
    ],
  ])("before or after the others by %s", (_, early, late) => {
    const [first, second] = [of(early), of(late)] as { at: number }[];
    expect(first!.at).toBeLessThan(second!.at);
  });

  test.each([
    ["a wave that is no whole number", { "lockkeeper.dev/wave": "1.5" }, "lockkeeper.dev/wave"],
    ["a wave out of bounds", { "argocd.argoproj.io/sync-wave": "99999" }, "sync-wave"],
    ["a hook of Argo CD's that is not run", { "argocd.argoproj.io/hook": "SyncFail" }, "SyncFail"],
    ["a hook that Helm does not know", { "helm.sh/hook": "pre-install, pre-instal" }, "pre-instal "],
  ])("or is refused for %s", (_, annotations, named) => {
    expect(of(annotations)).toEqual({ refused: expect.stringContaining(named) });
  });

  test.each([
    ["a test of a chart", { "helm.sh/hook": "test" }],
    ["a hook for the removal", { "helm.sh/hook": "pre-delete" }],
    ["what Argo CD is to skip", { "argocd.argoproj.io/hook": "Skip" }],
  ])("or is left out: %s", (_, annotations) => {
    expect(of(annotations)).toEqual({ leftOut: expect.any(String) });
  });
});

test.each([
  [
    "Helm's word",
    { "helm.sh/hook": "pre-install", "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded" },
    true,
  ],
  [
    "Argo CD's word",
    { "argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "HookSucceeded" },
    true,
  ],
  [
    "another policy",
    { "helm.sh/hook": "pre-install", "helm.sh/hook-delete-policy": "before-hook-creation" },
    false,
  ],
  ["no hook", { "helm.sh/hook-delete-policy": "hook-succeeded" }, false],
])("what goes once it is done: %s", (_, annotations, goes) => {
  const object = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "migrate", annotations } };
  expect(goesWhenDone(object)).toBe(goes);
});

test("turns go in order and keep the order within each", () => {
  const turns = byTurn([3, -1, 0, -1].map((turn, index) => ({ turn, index })));
  expect(turns.map((group) => group.map(({ index }) => index))).toEqual([[1, 3], [2], [0]]);
});

test("stages: what others stand on first, what acts on every request last", () => {
  const kinds = [
    ["admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"],
    ["acme.dev/v1", "Thing"],
    ["apps/v1", "Deployment"],
    ["v1", "Service"],
    ["storage.k8s.io/v1", "StorageClass"],
    ["gateway.networking.k8s.io/v1", "GatewayClass"],
    ["v1", "Namespace"],
  ] as const;
  const ordered = byStage(
    kinds.map(([apiVersion, kind]) => ({ apiVersion, kind })),
    (object) => object,
  );
  expect(ordered.map((stage) => stage.map(({ kind }) => kind))).toEqual([
    ["Namespace"],
    ["StorageClass", "GatewayClass"],
    ["Service"],
    ["Deployment"],
    ["Thing"],
    ["ValidatingWebhookConfiguration"],
  ]);
});
