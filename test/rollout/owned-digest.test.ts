import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../src/model/resource.ts";
import { canonicalJson } from "../../src/rollout/canonical-json.ts";
import { ownedDigest } from "../../src/rollout/owned-digest.ts";
import { changed, deployment, deploymentBody, entry } from "./objects.ts";

const key = new TextEncoder().encode("a key");
const digest = (object: KubernetesObject, ignored: readonly string[] = []) =>
  ownedDigest(key, object, ignored);

/** The same JSON with the members of every mapping in another order. */
function shuffled<T>(value: T): T {
  const turn = (member: unknown): unknown => {
    if (Array.isArray(member)) return member.map(turn);
    if (typeof member !== "object" || member === null) return member;
    return Object.fromEntries(
      Object.entries(member)
        .toReversed()
        .map(([name, below]) => [name, turn(below)]),
    );
  };
  return turn(value) as T;
}

describe("equal digest: no drift", () => {
  const same: readonly [string, KubernetesObject][] = [
    ["members in another order", shuffled(deployment())],
    ["another resourceVersion", changed(deployment(), ["metadata", "resourceVersion"], "99")],
    ["a status", { ...deployment(), status: { readyReplicas: 1 } }],
    ["a default of the server", changed(deployment(), ["spec", "progressDeadlineSeconds"], 600)],
    ["an annotation of another", changed(deployment(), ["metadata", "annotations"], { by: "them" })],
    [
      "another manager's entry",
      deployment(deploymentBody, [
        entry("kube-controller-manager", { status: {} }),
        entry("lockkeeper", deploymentBody),
      ]),
    ],
    ["a container of another", withInjected(deployment())],
  ];
  test.each(same)("%s", (_, object) => {
    expect(digest(object)).toBe(digest(deployment()));
  });
});

describe("another digest: drift", () => {
  const differs: readonly [string, KubernetesObject][] = [
    ["a number", changed(deployment(), ["spec", "replicas"], 7)],
    ["a removed field", changed(deployment(), ["spec", "replicas"], undefined)],
    ["a null is not a missing value", changed(deployment(), ["spec", "replicas"], null)],
    ["a label", changed(deployment(), ["metadata", "labels", "lockkeeper.dev/app"], "other")],
    [
      "an item of a keyed list",
      changed(deployment(), ["spec", "template", "spec", "containers", 0, "image"], "web:2"),
    ],
    ["a lost item", changed(deployment(), ["spec", "template", "spec", "containers"], [])],
    [
      "lost ownership",
      deployment(deploymentBody, [entry("lockkeeper", { metadata: deploymentBody.metadata })]),
    ],
  ];
  test.each(differs)("%s", (_, object) => {
    expect(digest(object)).not.toBe(digest(deployment()));
  });

  test("whatever the value and wherever it is, if we own it", () => {
    const paths = [
      ["spec", "replicas"],
      ["spec", "template", "spec", "containers", 0, "image"],
      ["spec", "template", "spec", "containers", 0, "env", 0, "value"],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const object = changed(deployment(), path, value);
        const equal = canonicalJson(object) === canonicalJson(deployment());
        return (digest(object) === digest(deployment())) === equal;
      }),
    );
  });
});

test("an ignored path does not count, its neighbours do", () => {
  const scaled = changed(deployment(), ["spec", "replicas"], 9);
  expect(digest(scaled, ["spec.replicas"])).toBe(digest(deployment(), ["spec.replicas"]));
  const image = changed(scaled, ["spec", "template", "spec", "containers", 0, "image"], "web:2");
  expect(digest(image, ["spec.replicas"])).not.toBe(digest(deployment(), ["spec.replicas"]));
});

test("an object of which we own nothing has none", () => {
  expect(digest(deployment(deploymentBody, [entry("kubectl", deploymentBody)]))).toBeNull();
});

test("another key gives another digest", () => {
  expect(ownedDigest(new TextEncoder().encode("another"), deployment(), [])).not.toBe(digest(deployment()));
});

function withInjected(object: KubernetesObject): KubernetesObject {
  const copy = structuredClone(object);
  const spec = copy["spec"] as { template: { spec: { containers: object[] } } };
  spec.template.spec.containers.unshift({ name: "sidecar", image: "proxy:1" });
  return copy;
}
