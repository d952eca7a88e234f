import { describe, expect, test } from "vitest";
import { conflictPaths } from "../../src/rollout/conflict-policy.ts";
import { fieldPathProblem, isWithin, valueOf, withValue } from "../../src/rollout/field-path.ts";
import { namedPaths, yieldFields } from "../../src/rollout/yield-fields.ts";
import { changed, deployment, deploymentBody, entry } from "./objects.ts";

const wanted = deployment(deploymentBody, []);
const image = "spec.template.spec.containers[name=web].image";

describe("a path of a field", () => {
  test.each([
    ["spec.replicas", 3],
    [image, "web:1"],
    ['metadata.labels["lockkeeper.dev/app"]', "abc"],
    ["spec.template.spec.containers[name=other].image", undefined],
    ["spec.nothing.here", undefined],
  ])("%s leads to its value, or to none", (path, value) => {
    expect(fieldPathProblem(path)).toBeNull();
    expect(valueOf(wanted, path)).toEqual(value);
  });

  test.each(["", "spec..x", "a b", "[x", "spec.x]", 'a["', "x".repeat(400)])("%j is none", (path) => {
    expect(fieldPathProblem(path)).toContain("is not the path of a field");
  });

  test("is within itself and what is above it, however it is quoted", () => {
    expect(isWithin("spec.replicas", ["spec.replicas"])).toBe(true);
    expect(isWithin('.spec.template.spec.containers[name="web"].image', [image])).toBe(true);
    expect(isWithin(".metadata.annotations.a.b/c", ['metadata.annotations["a.b/c"]'])).toBe(true);
    expect(isWithin(image, ["spec.template.spec.containers[name=web]"])).toBe(true);
    expect(isWithin("spec.replicasMore", ["spec.replicas"])).toBe(false);
  });

  test("is replaced or taken away in a copy", () => {
    const other = withValue(wanted, image, "web:2");
    expect(valueOf(other, image)).toBe("web:2");
    expect(valueOf(wanted, image)).toBe("web:1");
    expect(valueOf(withValue(wanted, "spec.replicas", undefined), "spec")).not.toHaveProperty("replicas");
  });
});

describe("the policy of a conflict", () => {
  const scaler = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace: "web" },
    spec: { scaleTargetRef: { kind: "Deployment", name: "web" } },
  };

  test("leaves replicas to an autoscaler, unless a rule takes them", () => {
    expect(conflictPaths([], wanted, [wanted, scaler]).yields).toContain("spec.replicas");
    const rules = [{ paths: ["spec.replicas"], policy: "take" }] as const;
    expect(conflictPaths(rules, wanted, [wanted, scaler]).yields).not.toContain("spec.replicas");
  });

  test("is that of the first rule for kind and path", () => {
    const rules = [
      { kinds: ["Service"], paths: ["spec.replicas"], policy: "take" },
      { paths: ["spec.replicas"], policy: "fail" },
      { paths: ["spec"], policy: "yield" },
    ] as const;
    expect(conflictPaths(rules, wanted, [])).toMatchObject({ fails: ["spec.replicas"] });
  });
});

describe("a field that is yielded", () => {
  const live = changed(deployment(), ["spec", "replicas"], 7);

  test("is left out where another manager holds it", () => {
    const { metadata } = live;
    const held = entry("keda", { spec: { replicas: 7 } }, { operation: "Update" });
    const shared = { ...live, metadata: { ...metadata, managedFields: [...metadata.managedFields!, held] } };
    expect(valueOf(yieldFields(wanted, shared, ["spec.replicas"]), "spec.replicas")).toBeUndefined();
  });

  test("keeps its live value where nobody else is on record for it, as leaving it out would reset it", () => {
    expect(valueOf(yieldFields(wanted, live, ["spec.replicas"]), "spec.replicas")).toBe(7);
  });

  test("is what Git says where nothing is live", () => {
    const bare = changed(live, ["spec", "replicas"], undefined);
    expect(valueOf(yieldFields(wanted, bare, ["spec.replicas"]), "spec.replicas")).toBe(3);
  });

  test("is not looked at where the manifest does not name it", () => {
    const silent = changed(wanted, ["spec", "replicas"], undefined);
    expect(namedPaths(silent, ["spec.replicas"])).toEqual([]);
    expect(yieldFields(silent, live, ["spec.replicas"])).toBe(silent);
  });
});
