/** What an API server must do for us, asked of any of them, through our adapter and past it. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConnectedCluster, connectCluster } from "../../src/cluster/connect-cluster.ts";
import type { KindInfo } from "../../src/model/resource.ts";
import type { ApplyOptions } from "../../src/ports/cluster.ts";
import type { SandboxCluster } from "../../src/sandbox/cluster.ts";
import { configMap, deployment, failure, ours, recorder, value, waiting } from "./cluster-objects.ts";
import { type RawCall, writesContract } from "./cluster-writes.ts";

/** `start` gives an empty cluster of its own to the suite. */
export function clusterContract(title: string, start: () => Promise<SandboxCluster>): void {
  describe(`the cluster contract on ${title}`, () => {
    let sandbox: SandboxCluster;
    let cluster: ConnectedCluster;
    let maps: KindInfo;
    const namespace = "contract";

    const raw: RawCall = async (method, path, body, type) => {
      const answer = await sandbox.api.call(method, path, body, type);
      return { status: answer.status, body: answer.body as Record<string, unknown> };
    };
    const address = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace, name });
    beforeAll(async () => {
      sandbox = await start();
      cluster = value(await connectCluster({ kubeconfigFile: sandbox.kubeconfig }));
      value(await cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }));
      maps = value(await cluster.kind("v1", "ConfigMap"));
    }, 90_000);
    afterAll(async () => {
      await cluster?.close();
      await sandbox?.stop();
    });

    describe("discovery", () => {
      test("tells the version that the sandbox tells", async () => {
        expect(value(await cluster.version())).toBe(sandbox.version);
      });

      test.each([
        ["apps/v1", "Deployment", { plural: "deployments", namespaced: true }],
        ["v1", "Namespace", { plural: "namespaces", namespaced: false }],
        ["networking.k8s.io/v1", "NetworkPolicy", { plural: "networkpolicies", namespaced: true }],
        ["rbac.authorization.k8s.io/v1", "ClusterRole", { plural: "clusterroles", namespaced: false }],
      ])("knows how %s %s is served", async (apiVersion, kind, served) => {
        expect(value(await cluster.kind(apiVersion, kind))).toEqual({ apiVersion, kind, ...served });
      });

      test.each([
        ["apps/v1", "Nonsense"],
        ["nonsense.example/v1", "Deployment"],
        ["../../secrets", "Secret"],
      ])("says that %s %s is not served", async (apiVersion, kind) => {
        expect(failure(await cluster.kind(apiVersion, kind)).code).toBe("not-found");
      });

      test("asks once for all kinds of one group", async () => {
        const fresh = value(await connectCluster({ kubeconfigFile: sandbox.kubeconfig }));
        for (const kind of ["StatefulSet", "DaemonSet", "Deployment"])
          value(await fresh.kind("apps/v1", kind));
        expect(fresh.requests.get("discover")).toBe(1);
        await fresh.close();
      });
    });

    writesContract(() => ({ cluster, raw }), namespace);

    describe("lists", () => {
      test("brings every page, and only what is selected", async () => {
        const names = Array.from({ length: 12 }, (_, index) => `page-${String(index).padStart(2, "0")}`);
        for (const name of names)
          value(await cluster.apply(configMap(namespace, name, {}, { page: "yes" }), ours));
        const listed = value(await cluster.list(maps, "page=yes"));
        expect(listed.map((object) => object.metadata.name)).toEqual(names);
        expect(listed[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
        expect(value(await cluster.list(maps, "page in (no, never)"))).toEqual([]);
        expect(failure(await cluster.list(maps, "page in yes")).code).toBe("rejected");
        const path = `/api/v1/configmaps?labelSelector=page&limit=5`;
        const first = (await raw("GET", path)).body as unknown as {
          items: [];
          metadata: { continue: string };
        };
        const next = await raw("GET", `${path}&continue=${encodeURIComponent(first.metadata.continue)}`);
        expect([first.items.length, (next.body as unknown as { items: [] }).items.length]).toEqual([5, 5]);
      });
    });

    describe("watches", () => {
      test("tells what is there, then every change in order", async () => {
        const seen = recorder();
        value(await cluster.apply(configMap(namespace, "seen", { a: "1" }, { seen: "yes" }), ours));
        const watch = cluster.watch(maps, "seen=yes", seen.record);
        await expect.poll(seen.names, waiting).toEqual(["present seen", "synced"]);
        value(await cluster.apply(configMap(namespace, "seen", { a: "2" }, { seen: "yes" }), ours));
        const late = value(
          await cluster.apply(configMap(namespace, "late", {}, { seen: "yes" }), ours),
        ).object;
        value(await cluster.delete(address("late"), late.metadata.uid ?? "", "self"));
        await expect
          .poll(seen.names, waiting)
          .toEqual(["present seen", "synced", "present seen", "present late", "gone late"]);
        watch.stop();
      });

      test("calls an object gone that leaves the selection", async () => {
        const seen = recorder();
        value(await cluster.apply(configMap(namespace, "leaving", {}, { leaving: "no" }), ours));
        const watch = cluster.watch(maps, "leaving=no", seen.record);
        await expect.poll(seen.names, waiting).toEqual(["present leaving", "synced"]);
        value(await cluster.apply(configMap(namespace, "leaving", {}, { leaving: "yes" }), ours));
        await expect.poll(seen.names, waiting).toEqual(["present leaving", "synced", "gone leaving"]);
        watch.stop();
      });

      test("of one namespace, of metadata alone, tells no value and nothing of elsewhere", async () => {
        const seen = recorder();
        const scope = { namespace, metadataOnly: true };
        const place = { data: { word: "c4n4ry" }, labels: { bare: "yes" } };
        value(await cluster.apply(configMap(namespace, "bare", place.data, place.labels), ours));
        const watch = cluster.watch(maps, "bare=yes", seen.record, scope);
        await expect.poll(seen.names, waiting).toEqual(["present bare", "synced"]);
        value(await cluster.apply(configMap("default", "other", place.data, place.labels), ours));
        value(await cluster.apply(configMap(namespace, "next", place.data, place.labels), ours));
        await expect.poll(seen.names, waiting).toEqual(["present bare", "synced", "present next"]);
        watch.stop();
        const [first, , last] = seen.events;
        expect([first, last]).toMatchObject([
          { listed: true, object: { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace } } },
          { listed: false, object: { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace } } },
        ]);
        // Who owns a field is metadata too; what it holds is not.
        expect(JSON.stringify(seen.events)).not.toContain("c4n4ry");
      });

      test("says why it cannot begin", async () => {
        const failures: string[] = [];
        const onFailure = ({ code }: { code: string }) => void failures.push(code);
        const gone: KindInfo = { ...maps, kind: "Nothing", plural: "nothings" };
        const watch = cluster.watch(gone, "", () => undefined, { onFailure });
        await expect.poll(() => failures[0], waiting).toBe("not-found");
        watch.stop();
      });

      test("is silent once stopped", async () => {
        const seen = recorder();
        const other = recorder();
        const watch = cluster.watch(maps, "quiet=yes", seen.record);
        await expect.poll(seen.names, waiting).toEqual(["synced"]);
        watch.stop();
        const second = cluster.watch(maps, "quiet=yes", other.record);
        await expect.poll(other.names, waiting).toEqual(["synced"]);
        value(await cluster.apply(configMap(namespace, "quiet", {}, { quiet: "yes" }), ours));
        await expect.poll(other.names, waiting).toEqual(["synced", "present quiet"]);
        expect(seen.names()).toEqual(["synced"]);
        second.stop();
      });
    });

    describe("impersonation", () => {
      const tenant: ApplyOptions = { ...ours, as: { serviceAccount: "contract/tenant" } };

      test("may nothing without a role, and says who may not do what", async () => {
        const refused = failure(await cluster.apply(configMap(namespace, "tenant", {}), tenant));
        expect(refused.code).toBe("forbidden");
        expect(refused.message).toContain(
          "system:serviceaccount:contract:tenant may not patch configmaps in contract",
        );
      });

      test("may what a role in the namespace says, there and nowhere else", async () => {
        const rbac = "rbac.authorization.k8s.io";
        const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "create", "patch"] }];
        const metadata = { name: "tenant", namespace };
        value(await cluster.create({ apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules }));
        value(
          await cluster.create({
            apiVersion: `${rbac}/v1`,
            kind: "RoleBinding",
            metadata,
            roleRef: { apiGroup: rbac, kind: "Role", name: "tenant" },
            subjects: [{ kind: "ServiceAccount", name: "tenant", namespace }],
          }),
        );
        // A real server reads its roles from a cache of its own.
        const tries = async () =>
          (await cluster.apply(configMap(namespace, "tenant", { a: "1" }), tenant)).ok;
        await expect.poll(tries, waiting).toBe(true);
        expect(failure(await cluster.apply(configMap("default", "tenant", {}), tenant)).code).toBe(
          "forbidden",
        );
        const uid = value(await cluster.get(address("tenant"))).metadata.uid ?? "";
        expect(failure(await cluster.delete(address("tenant"), uid, tenant.as)).code).toBe("forbidden");
      });
    });

    describe("namespaces and rollouts", () => {
      test("empties a namespace and then removes it", async () => {
        const doomed = { apiVersion: "v1", kind: "Namespace", metadata: { name: "doomed" } };
        const made = value(await cluster.create(doomed));
        value(await cluster.apply(configMap("doomed", "inside", {}), ours));
        const place = { apiVersion: "v1", kind: "Namespace", name: "doomed" };
        value(await cluster.delete(place, made.metadata.uid ?? "", "self"));
        const refused = failure(await cluster.apply(configMap("doomed", "late", {}), ours));
        expect(["conflict", "not-found"]).toContain(refused.code);
        await expect.poll(async () => (await cluster.get(place)).ok, waiting).toBe(false);
      });

      test("makes a Deployment ready, and one with a broken image never", async () => {
        const status = async (name: string) => {
          const found = await cluster.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name });
          return found.ok ? (found.value.status as Record<string, unknown>) : {};
        };
        value(await cluster.apply(deployment(namespace, "rolled"), ours));
        const done = {
          replicas: 2,
          updatedReplicas: 2,
          readyReplicas: 2,
          availableReplicas: 2,
          observedGeneration: 1,
        };
        await expect.poll(() => status("rolled"), waiting).toMatchObject(done);
        const containers = [{ name: "web", image: "registry.invalid/web:1.1.0-broken" }];
        const template = { metadata: { labels: { app: "rolled" } }, spec: { containers } };
        value(await cluster.apply(deployment(namespace, "rolled", { template }), ours));
        const reasons = async () => {
          const { body } = await raw("GET", `/api/v1/namespaces/${namespace}/pods?labelSelector=app=rolled`);
          return JSON.stringify(body).includes("ImagePullBackOff");
        };
        await expect.poll(reasons, waiting).toBe(true);
        expect(await status("rolled")).toMatchObject({ readyReplicas: 2 });
        value(await cluster.apply(deployment(namespace, "rolled"), ours));
        const whole = { ...done, observedGeneration: 3 };
        await expect.poll(() => status("rolled"), waiting).toMatchObject(whole);
        const back = deployment(namespace, "gone-soon");
        const made = value(await cluster.apply(back, ours)).object;
        await expect.poll(() => status("gone-soon"), waiting).toMatchObject({ readyReplicas: 2 });
        const place = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "gone-soon" };
        value(await cluster.delete(place, made.metadata.uid ?? "", "self"));
        const pods = async () => {
          const { body } = await raw(
            "GET",
            `/api/v1/namespaces/${namespace}/pods?labelSelector=app=gone-soon`,
          );
          return (body as unknown as { items: [] }).items.length;
        };
        await expect.poll(pods, waiting).toBe(0);
      });
    });
  });
}
