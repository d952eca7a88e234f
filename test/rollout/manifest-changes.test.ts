import { expect, test } from "vitest";
import { resourceId } from "../../src/model/resource.ts";
import { manifestChanges } from "../../src/rollout/manifest-changes.ts";
import { changed, deployment, deploymentBody } from "./objects.ts";

const before = deployment(deploymentBody, []);
const container = ["spec", "template", "spec", "containers", 0];
const between = (after: typeof before) => manifestChanges(resourceId(before), before, after);

test("the same manifest has no changes, whichever app it is labelled with", () => {
  expect(between(changed(before, ["metadata", "labels", "lockkeeper.dev/app"], "other"))).toEqual([]);
});

test("fields are told by their paths, items of lists by their names", () => {
  const after = changed(changed(before, [...container, "image"], "web:2"), ["spec", "replicas"], undefined);
  expect(between(after)).toEqual([
    { path: "spec.replicas", from: "3", to: null },
    { path: "spec.template.spec.containers[name=web].image", from: "web:1", to: "web:2" },
  ]);
});

test("lists without names are compared whole, and what is added is told field by field", () => {
  const after = changed(before, [...container, "args"], ["a", "b"]);
  expect(between(after)).toEqual([
    { path: "spec.template.spec.containers[name=web].args", from: null, to: '["a","b"]' },
  ]);
  const more = changed(before, ["metadata", "annotations"], { "a.b/c": "d" });
  expect(between(more)).toEqual([{ path: 'metadata.annotations["a.b/c"]', from: null, to: "d" }]);
});

test("what is secret stays hidden", () => {
  const after = changed(before, [...container, "env", 0, "value"], "canary-2");
  expect(between(after)).toEqual([
    {
      path: "spec.template.spec.containers[name=web].env[name=PASSWORD].value",
      from: "(hidden)",
      to: "(hidden)",
    },
  ]);
});
