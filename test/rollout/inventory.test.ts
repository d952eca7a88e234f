import { describe, expect, test } from "vitest";
import { resourceText } from "../../src/model/resource.ts";
import {
  type Entry,
  type Inventory,
  type Pending,
  decodeInventory,
  encodeInventory,
  shardSize,
  writeAhead,
} from "../../src/rollout/inventory.ts";
import { keptByKind, missingProof, pruneGate } from "../../src/rollout/prune.ts";
import { changed, deployment, deploymentBody, entry as managed } from "./objects.ts";

function entry(name: string, kind = "ConfigMap"): Entry {
  const id = { group: "", kind, namespace: "web", name };
  const empty = { uid: null, desired: null, digest: null, resourceVersion: null, ignored: [] };
  return { id, apiVersion: "v1", ...empty, file: "a.yaml", line: 1 };
}

function inventory(entries: readonly Entry[]): Inventory {
  return {
    app: "abc",
    repository: { id: 1, owner: "acme", name: "gitops", installation: 2 },
    path: "apps/web",
    name: "web",
    applied: null,
    pending: null,
    entries: new Map(entries.map((each) => [resourceText(each.id), each])),
    shards: new Map(),
  };
}

const pending: Pending = {
  sha: "s",
  since: "2026-01-01T00:00:00Z",
  pulls: [],
  firstAppliedAt: null,
  appliedAt: null,
  healthyAt: null,
  results: {},
};

function reread(of: Inventory): Inventory {
  const decoded = decodeInventory(encodeInventory(of));
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

describe("the inventory", () => {
  test("comes back as it was written", () => {
    const written = inventory([entry("a"), entry("b")]);
    expect({ ...reread(written), shards: new Map() }).toEqual(written);
  });

  test("is kept in shards, and no entry moves when others come and go", () => {
    const many = reread(inventory(Array.from({ length: shardSize + 10 }, (_, index) => entry(`o${index}`))));
    expect(encodeInventory(many)).toHaveLength(2);
    const fewer = new Map([...many.entries].filter(([, { id }]) => id.name !== "o3"));
    const grown = reread({ ...many, entries: new Map([...fewer, ...inventory([entry("new")]).entries]) });
    for (const [text, shard] of many.shards) {
      if (grown.entries.has(text)) expect(grown.shards.get(text)).toBe(shard);
    }
    expect(grown.shards.get(resourceText(entry("new").id))).toBe(0);
  });

  test("that cannot be read is a failure, not an empty one", () => {
    expect(decodeInventory([])).toMatchObject({ ok: false, failure: { code: "malformed" } });
    expect(decodeInventory([{ "app.json": "{}", "objects.json": "[{" }])).toMatchObject({ ok: false });
  });

  test("is written ahead as the union, keeping what is known of objects", () => {
    const known = { ...entry("a"), uid: "u1" };
    const ahead = writeAhead(inventory([known, entry("old")]), [entry("a"), entry("new")], pending);
    expect([...ahead.entries.values()].map(({ id, uid }) => [id.name, uid])).toEqual([
      ["a", "u1"],
      ["old", null],
      ["new", null],
    ]);
  });
});

describe("prune", () => {
  test.each([
    [10, 0, 10, true],
    [5, 5, 10, true],
    [4, 6, 10, false],
    [80, 20, 100, true],
    [79, 21, 100, false],
    [0, 1, 1, false],
  ])("%i wanted, %i of %i gone: allowed %s", (desired, gone, known, allowed) => {
    expect(pruneGate(desired, gone, known) === null).toBe(allowed);
  });

  test.each(["Namespace", "CustomResourceDefinition", "PersistentVolume", "PersistentVolumeClaim"])(
    "never takes a %s by itself",
    (kind) => {
      expect(keptByKind(entry("x", kind))).toContain(kind);
    },
  );

  const ours = { ...entry("web", "Deployment"), uid: "u1" };
  const label = ["metadata", "labels", "lockkeeper.dev/app"];

  test("takes what every proof says is ours", () => {
    expect(missingProof(ours, deployment(), "abc")).toBeNull();
  });

  test.each([
    ["another app's label", ours, changed(deployment(), label, "other"), /label/],
    ["no label", ours, changed(deployment(), ["metadata", "labels"], undefined), /label/],
    ["another uid", ours, changed(deployment(), ["metadata", "uid"], "u2"), /later one/],
    ["no uid on record", { ...ours, uid: null }, deployment(), /later one/],
    ["no field of ours", ours, deployment(deploymentBody, [managed("helm", deploymentBody)]), /owns none/],
    [
      "a controller",
      ours,
      changed(deployment(), ["metadata", "ownerReferences"], [{ controller: true }]),
      /controller/,
    ],
    [
      "an annotation",
      ours,
      changed(deployment(), ["metadata", "annotations"], { "lockkeeper.dev/prune": "disabled" }),
      /annotation/,
    ],
  ])("but not with %s", (_, of, live, reason) => {
    expect(missingProof(of, live, "abc")).toMatch(reason);
  });
});
