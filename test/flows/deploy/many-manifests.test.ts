import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findAssets } from "../../../src/sandbox/cluster/cluster-assets.ts";
import { type SandboxCluster, startCluster } from "../../../src/sandbox/cluster.ts";
import { freshPlace, startApply } from "./apply-world.ts";
import { allowedKinds, manyManifests } from "../many-manifests.ts";

const assets = findAssets(process.env);
const where = assets === null ? " (not run: there is no kube-apiserver here, `npm test` builds one)" : "";

describe.skipIf(assets === null)(`on a real API server${where}`, () => {
  let sandbox: SandboxCluster;
  beforeAll(async () => {
    sandbox = await startCluster({ kind: "kube-apiserver" });
  });
  afterAll(() => sandbox?.stop());

  test("three hundred manifests of all kinds, as people write them, are applied once: a second time nothing is done", async () => {
    const place = freshPlace();
    const { files, kinds, objects } = manyManifests(place.namespace, place.namespace);
    expect(objects).toBeGreaterThanOrEqual(300);
    expect(kinds).toBeGreaterThanOrEqual(25);
    const options = { app: { waitSeconds: 300 }, target: { allowedKinds } };
    let app = await startApply(sandbox, place, options);
    const first = await app.deploy(files);
    expect(first.text).not.toContain("was not applied");
    expect(first).toMatchObject({ state: "success" });
    const before = [...app.inventory().entries.values()];
    expect(before).toHaveLength(objects);
    await app.stop();
    app = await startApply(sandbox, place, options);
    const began = app.requests();
    const second = await app.deploy({ ...files, "README.md": "A newer commit." });
    expect(second).toMatchObject({ state: "success" });
    expect(second.text).toContain(`${objects} objects unchanged.`);
    // The commit that is applied now is written down; the objects are not asked about.
    expect(app.requests() - began).toBeLessThanOrEqual(1);
    const after = [...app.inventory().entries.values()].map(({ uid, digest }) => ({ uid, digest }));
    expect(after).toEqual(before.map(({ uid, digest }) => ({ uid, digest })));
    await app.stop();
  }, 300_000);
});
