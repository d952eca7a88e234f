import { expect, test } from "vitest";
import type { KubernetesObject } from "../../src/model/resource.ts";
import { podTrouble } from "../../src/rollout/pod-trouble.ts";

function pod(name: string, hash: string, minute: number, status: object): KubernetesObject {
  const creationTimestamp = `2026-01-01T00:0${minute}:00Z`;
  const metadata = { name, creationTimestamp, labels: { "pod-template-hash": hash } };
  return { apiVersion: "v1", kind: "Pod", metadata, status };
}

const waiting = (reason: string, more: object = {}) => ({
  containerStatuses: [{ name: "web", state: { waiting: { reason, message: "c4n4ry" } }, ...more }],
});

test.each([
  ["ImagePullBackOff", {}, "cannot pull its image (container web: ImagePullBackOff)"],
  [
    "CrashLoopBackOff",
    { lastState: { terminated: { exitCode: 3 } } },
    "ends again and again (container web: CrashLoopBackOff, exit code 3)",
  ],
  [
    "CrashLoopBackOff",
    { lastState: { terminated: { exitCode: 137, reason: "OOMKilled", message: "c4n4ry" } } },
    "ends again and again (container web: CrashLoopBackOff, out of memory)",
  ],
  [
    "CreateContainerConfigError",
    {},
    "names a Secret, ConfigMap or key that is not there (container web: CreateContainerConfigError)",
  ],
])("%s is told in words, and nothing that a container wrote", (reason, more, text) => {
  const found = podTrouble([pod("a", "new", 1, waiting(reason, more))]);
  expect(found).toEqual({ text: `pod a ${text}`, since: "2026-01-01T00:01:00Z", lasting: true });
});

test("a pod without a node may find one", () => {
  const conditions = [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }];
  expect(podTrouble([pod("a", "new", 1, { conditions })])).toMatchObject({
    text: "pod a finds no node (0/3 nodes are available)",
    lasting: false,
  });
});

test.each([
  [
    "only pods of an older template are in trouble",
    [pod("old", "old", 1, waiting("ErrImagePull")), pod("new", "new", 2, {})],
  ],
  ["they start", [pod("a", "new", 1, waiting("ContainerCreating"))]],
  ["there are none", []],
])("nothing is told where %s", (_, pods) => {
  expect(podTrouble(pods)).toBeNull();
});
