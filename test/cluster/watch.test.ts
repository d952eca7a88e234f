import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ConnectedCluster, connectCluster } from "../../src/cluster/connect-cluster.ts";
import type { KindInfo } from "../../src/model/resource.ts";
import type { Watch } from "../../src/ports/cluster.ts";
import { type SandboxCluster, startCluster } from "../../src/sandbox/cluster.ts";
import { findAssets } from "../../src/sandbox/cluster/cluster-assets.ts";
import { configMap, recorder, value } from "../contracts/cluster-objects.ts";
import { type FlakyProxy, startFlakyProxy } from "./flaky-proxy.ts";

const options = { manager: "lockkeeper", force: true, dryRun: false, as: "self" } as const;
const waiting = { timeout: 20_000, interval: 25 };
const servers = [
  ["the API in memory", "in-memory"],
  ...(findAssets(process.env) === null ? [] : [["a real kube-apiserver", "kube-apiserver"] as const]),
] as const;

describe.each(servers)("a watch on %s goes on", (_, kind) => {
  let sandbox: SandboxCluster;
  let direct: ConnectedCluster;
  let proxy: FlakyProxy;
  let flaky: ConnectedCluster;
  let maps: KindInfo;
  let watch: Watch | undefined;
  let round = 0;
  let seen = recorder();

  beforeAll(async () => {
    sandbox = await startCluster({ kind });
    direct = value(await connectCluster({ kubeconfigFile: sandbox.kubeconfig }));
    maps = value(await direct.kind("v1", "ConfigMap"));
  }, 90_000);
  afterAll(async () => {
    await direct?.close();
    await sandbox?.stop();
  });
  beforeEach(async () => {
    round += 1;
    seen = recorder();
    proxy = await startFlakyProxy(sandbox.kubeconfig);
  });
  afterEach(async () => {
    watch?.stop();
    await flaky.close();
    await proxy.stop();
  });

  const begin = async (relistSeconds?: number) => {
    flaky = value(await connectCluster({ kubeconfigFile: proxy.kubeconfig, relistSeconds }));
    watch = flaky.watch(maps, `round=r${round}`, seen.record);
  };
  const put = async (name: string, data: object = {}) =>
    value(await direct.apply(configMap("default", name, data, { round: `r${round}` }), options)).object;
  const drop = async (name: string) => {
    const place = { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name };
    const uid = value(await direct.get(place)).metadata.uid ?? "";
    value(await direct.delete(place, uid, "self"));
  };
  const began = (count: number) => expect.poll(() => proxy.watches(), waiting).toBeGreaterThanOrEqual(count);
  const told = (names: readonly string[]) => expect.poll(seen.names, waiting).toEqual(names);

  test("after a connection that is cut in the middle of a line, from where it was", async () => {
    proxy.weather = "cut";
    await begin();
    await told(["synced"]);
    await began(1);
    const half = put("half");
    await began(2);
    proxy.weather = "pass";
    await half;
    await put("whole");
    await told(["synced", "present half", "present whole"]);
    expect(flaky.requests.get("list")).toBe(1);
  });

  test.each([500, 503] as const)("after answers of %d", async (status) => {
    proxy.weather = status;
    await begin();
    await began(3);
    await put("late");
    proxy.weather = "pass";
    await told(["synced", "present late"]);
    expect(flaky.requests.get("list")).toBe(1);
  });

  test.each([410, "gone-event"] as const)(
    "after %s, telling only what changed meanwhile",
    async (weather) => {
      await put("changed", { a: "1" });
      await put("dropped");
      await put("recreated");
      await put("same");
      proxy.weather = 500;
      await begin();
      await told(["present changed", "present dropped", "present recreated", "present same", "synced"]);
      await began(1);
      await put("changed", { a: "2" });
      await drop("dropped");
      await drop("recreated");
      await put("recreated");
      proxy.weather = weather;
      const changes = ["gone dropped", "present changed", "gone recreated", "present recreated"];
      await expect.poll(() => seen.names().slice(5), waiting).toEqual(changes);
      proxy.weather = "pass";
      await put("then");
      await expect.poll(() => seen.names().slice(5), waiting).toEqual([...changes, "present then"]);
    },
  );

  test("where nothing ever comes, by listing again", async () => {
    proxy.weather = "silent";
    await begin(1);
    await told(["synced"]);
    await put("unheard");
    await told(["synced", "present unheard"]);
    await drop("unheard");
    await told(["synced", "present unheard", "gone unheard"]);
  });

  test("where not even the first listing succeeds, and says once that it is complete", async () => {
    await put("there");
    proxy.lists = 500;
    await begin();
    await expect.poll(() => flaky.requests.get("list") ?? 0, waiting).toBeGreaterThanOrEqual(2);
    expect(seen.names()).toEqual([]);
    proxy.lists = "pass";
    await told(["present there", "synced"]);
  });

  test("through a listing that is repeated in peace, without a word", async () => {
    await put("calm");
    await begin(1);
    await expect.poll(() => flaky.requests.get("list") ?? 0, waiting).toBeGreaterThanOrEqual(3);
    expect(seen.names()).toEqual(["present calm", "synced"]);
  });
});
