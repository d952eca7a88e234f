import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findAssets } from "../../../src/sandbox/cluster/cluster-assets.ts";
import { type SandboxCluster, startCluster } from "../../../src/sandbox/cluster.ts";
import { type ApplyOptions, type ApplyWorld, freshPlace, startApply } from "./apply-world.ts";

const assets = findAssets(process.env);
const where = assets === null ? " (not run: there is no kube-apiserver here, `npm test` builds one)" : "";

let sandbox: SandboxCluster;
let place: ReturnType<typeof freshPlace>;
let app: ApplyWorld;

const map = (name: string, notes = ""): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${notes}data: { text: x }\n`;
const files = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`${name}.yaml`, map(name)]));
const annotated = (key: string, text: string): string => `  annotations: { "${key}": "${text}" }\n`;

async function there(name: string): Promise<boolean> {
  return (await app.get({ apiVersion: "v1", kind: "ConfigMap", name })) !== null;
}

async function call(method: string, path: string, body?: unknown): Promise<void> {
  const type = method === "PATCH" ? "application/merge-patch+json" : undefined;
  const answer = await sandbox.api.call(method, path, body, type);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
}

const pathOf = (name = "") => `/api/v1/namespaces/${place.namespace}/configmaps${name && `/${name}`}`;

/** As after a kill of the process. */
async function again(options: ApplyOptions = {}): Promise<void> {
  await app.stop();
  app = await startApply(sandbox, place, options);
}

describe.skipIf(assets === null)(`prune on a real API server${where}`, () => {
  beforeAll(async () => {
    sandbox = await startCluster({ kind: "kube-apiserver" });
  });
  afterAll(() => sandbox?.stop());
  beforeEach(async () => {
    place = freshPlace();
    app = await startApply(sandbox, place);
    await call("POST", "/api/v1/namespaces", { metadata: { name: place.namespace } });
    expect(await app.deploy(files("a", "b"))).toMatchObject({ state: "success" });
  });
  afterEach(() => app.stop());

  test("deletes what Git does not name any more", async () => {
    const told = await app.deploy(files("a"));
    expect(told.text).toMatch(/`ConfigMap .*\/b` \| pruned/);
    expect(await there("b")).toBe(false);
    expect(app.inventory().entries.size).toBe(1);
  });

  describe("deletes nothing", () => {
    test.each([
      ["of an emptied folder", { "README.md": "nothing" }, /an empty folder deletes nothing/],
      ["where a file cannot be read", { ...files("a"), "x.yaml": "a: [" }, /x\.yaml:1: not valid YAML/],
      [
        "where the server refuses another object",
        { ...files("a"), "x.yaml": map("x").replace("data: { text: x }", "data: { text: 1 }") },
        /x\.yaml:1: ConfigMap .*\.data\.text/,
      ],
    ])("%s", async (_, next, reason) => {
      const told = await app.deploy(next);
      expect(told.text).toMatch(reason);
      expect(await there("a")).toBe(true);
      expect(await there("b")).toBe(true);
      expect(app.inventory().entries.size).toBe(2);
    });

    test("when most of an app is gone at once, unless that was signed before", async () => {
      const many = ["a", "b", "c", "d", "e", "f", "g", "h"];
      await app.deploy(files(...many));
      const told = await app.deploy(files("a"));
      expect(told.text).toContain("7 of 8 objects are gone from Git, more than the 5 allowed");
      expect(await there("h")).toBe(true);
      const allowed = many.map((name) => [
        `${name}.yaml`,
        map(name, annotated("lockkeeper.dev/prune", "allowed")),
      ]);
      await app.deploy(Object.fromEntries(allowed));
      await app.deploy(files("a"));
      expect(await there("h")).toBe(false);
      expect(await there("a")).toBe(true);
    });

    test("of another app of the repository", async () => {
      await again({ path: "apps/other" });
      const config = "apps:\n  - { path: apps/web, mode: apply }\n  - { path: apps/other, mode: apply }\n";
      const beside = { "/.github/lockkeeper.yml": config, "/apps/web/a.yaml": map("a") };
      const told = await app.deploy({ ...files("a"), ...beside });
      expect(told.state).toBe("failure");
      expect(told.text).toMatch(/a\.yaml:1: ConfigMap .*\/a belongs to the app apps-web/);
      expect(await there("b")).toBe(true);
    });
  });

  test("a folder that has another name now keeps its objects: what it names is handed over, the rest stays", async () => {
    const before = await app.get({ apiVersion: "v1", kind: "ConfigMap", name: "a" });
    await again({ path: "apps/renamed" });
    const config = "apps:\n  - { path: apps/renamed, mode: apply }\n";
    const told = await app.deploy({ ...files("a"), "/.github/lockkeeper.yml": config });
    expect(told.state).toBe("success");
    const after = await app.get({ apiVersion: "v1", kind: "ConfigMap", name: "a" });
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(after?.metadata.labels).toEqual({ "lockkeeper.dev/app": app.hash });
    expect([...app.inventory().entries.keys()]).toEqual([`ConfigMap ${place.namespace}/a`]);
    expect(await there("b")).toBe(true);
    await app.deploy({ "c.yaml": map("c"), "d.yaml": map("d"), "/.github/lockkeeper.yml": config });
    expect(await there("a")).toBe(false);
  });

  describe("leaves an object alone that", () => {
    test("is not the one that was applied", async () => {
      await call("DELETE", pathOf("b"));
      await call("POST", pathOf(), { metadata: { name: "b", labels: { "lockkeeper.dev/app": app.hash } } });
      expect((await app.deploy(files("a"))).text).toContain(
        "it is not the object that was applied, but a later one",
      );
      expect(await there("b")).toBe(true);
    });

    test("lost the label of the app", async () => {
      await call("PATCH", pathOf("b"), { metadata: { labels: { "lockkeeper.dev/app": "other" } } });
      expect((await app.deploy(files("a"))).text).toContain("it does not carry the label of this app");
      expect(await there("b")).toBe(true);
    });

    test("nothing of is ours any more", async () => {
      await call("PATCH", pathOf("b"), { metadata: { managedFields: [{}] } });
      expect((await app.deploy(files("a"))).text).toContain("Lockkeeper owns none of its fields any more");
      expect(await there("b")).toBe(true);
    });

    test("a controller owns now", async () => {
      const owner = { apiVersion: "v1", kind: "Namespace", name: "default", controller: true };
      const uid = (await app.get({ apiVersion: "v1", kind: "Namespace", name: "default" }))!.metadata.uid;
      await call("PATCH", pathOf("b"), { metadata: { ownerReferences: [{ ...owner, uid }] } });
      expect((await app.deploy(files("a"))).text).toContain("a controller owns it");
      expect(await there("b")).toBe(true);
    });

    test.each([
      ["lockkeeper.dev/prune", "disabled"],
      ["kustomize.toolkit.fluxcd.io/prune", "disabled"],
      ["argocd.argoproj.io/sync-options", "Validate=false,Prune=false"],
      ["helm.sh/resource-policy", "keep"],
    ])("says %s: %s", async (key, text) => {
      await app.deploy({ ...files("a"), "b.yaml": map("b", annotated(key, text)) });
      expect((await app.deploy(files("a"))).text).toContain(`its annotation ${key} says so`);
      expect(await there("b")).toBe(true);
    });

    test("waits for a finalizer, and says for which", async () => {
      await call("PATCH", pathOf("b"), { metadata: { finalizers: ["example.dev/hold"] } });
      expect((await app.deploy(files("a"))).text).toContain("waits for example.dev/hold, its finalizer");
      expect(app.inventory().entries.size).toBe(2);
      await call("PATCH", pathOf("b"), { metadata: { finalizers: null } });
      await app.deploy({ ...files("a"), "README.md": "" });
      expect(app.inventory().entries.size).toBe(1);
    });

    test("was deleted with another uid in mind: the server reads what the deletion is bound to", async () => {
      const address = { apiVersion: "v1", kind: "ConfigMap", namespace: place.namespace, name: "b" };
      const deleted = await app.cluster.delete(address, "00000000-0000-0000-0000-000000000000", "self");
      expect(deleted).toMatchObject({ ok: false, failure: { code: "conflict" } });
      expect(await there("b")).toBe(true);
    });
  });

  test("what somebody else has deleted is forgotten", async () => {
    await call("DELETE", pathOf("b"));
    expect(await app.deploy(files("a"))).toMatchObject({ state: "success" });
    expect(app.inventory().entries.size).toBe(1);
  });

  test("a lost inventory is rebuilt from labels, and copies of a label are no part of it", async () => {
    await call("POST", pathOf(), { metadata: { name: "copy", labels: { "lockkeeper.dev/app": app.hash } } });
    await call(
      "DELETE",
      `/api/v1/namespaces/lockkeeper-system/configmaps/lockkeeper-inventory-${app.hash}-0`,
    );
    await again();
    expect(app.inventory().entries.size).toBe(0);
    const told = await app.deploy(files("a"));
    expect(told.text).toMatch(/`ConfigMap .*\/b` \| pruned/);
    expect(await there("b")).toBe(false);
    expect(await there("copy")).toBe(true);
  });

  test("a namespace goes only where that was signed before, and never with objects of another app in it", async () => {
    const name = `${place.namespace}-own`;
    const space = (notes: string) => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${notes}`;
    const found = () => app.get({ apiVersion: "v1", kind: "Namespace", name });
    await app.deploy({ ...files("a"), "n.yaml": space("") });
    expect((await app.deploy(files("a"))).text).toContain("a Namespace is only deleted where");
    const allowed = { ...files("a"), "n.yaml": space(annotated("lockkeeper.dev/prune", "allowed")) };
    await app.deploy(allowed);
    await again({ path: "apps/guest", app: { namespace: name } });
    await app.deploy(files("guest"));
    await again();
    expect((await app.deploy(files("a"))).text).toContain("the app apps-guest has objects in it");
    expect((await found())!.metadata["deletionTimestamp"]).toBeUndefined();
  });
});
