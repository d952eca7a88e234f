/** The writes of the cluster contract: server-side apply, and what other clients do. */

import { describe, expect, test } from "vitest";
import type { ConnectedCluster } from "../../src/cluster/connect-cluster.ts";
import type { KubernetesObject } from "../../src/model/resource.ts";
import { configMap, deployment, failure, ours, value } from "./cluster-objects.ts";

/** A request past our adapter. */
export type RawCall = (
  method: string,
  path: string,
  body?: unknown,
  type?: string,
) => Promise<{ status: number; body: Record<string, unknown> }>;

export interface Parties {
  readonly cluster: ConnectedCluster;
  readonly raw: RawCall;
}

/** `parties` are asked for when a test runs; the namespace is there by then. */
export function writesContract(parties: () => Parties, namespace: string): void {
  const address = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace, name });
  const spoil = (name: string, data: object, manager = "kubectl-edit") => {
    const path = `/api/v1/namespaces/${namespace}/configmaps/${name}?fieldManager=${manager}`;
    return parties().raw("PATCH", path, { data }, "application/merge-patch+json");
  };

  describe("server-side apply", () => {
    test("creates, configures, and leaves alone what is equal already", async () => {
      const { cluster } = parties();
      const first = value(await cluster.apply(configMap(namespace, "apply", { a: "1" }), ours));
      const second = value(await cluster.apply(configMap(namespace, "apply", { a: "2" }), ours));
      const third = value(await cluster.apply(configMap(namespace, "apply", { a: "2" }), ours));
      expect([first.created, second.created, third.created]).toEqual([true, false, false]);
      const [one, two, three] = [first, second, third].map(({ object }) => object.metadata.resourceVersion);
      expect(two).not.toBe(one);
      expect(three).toBe(two);
      expect(second.object.data).toEqual({ a: "2" });
    });

    test("with a uid or a version changes that object as it was read, and never makes one", async () => {
      const { cluster } = parties();
      const made = value(await cluster.apply(configMap(namespace, "exact", { a: "1" }), ours)).object;
      const { uid, resourceVersion } = made.metadata;
      const exact = (name: string, version: string | undefined, data: object) => {
        const object = configMap(namespace, name, data);
        return { ...object, metadata: { ...object.metadata, uid, resourceVersion: version } };
      };
      const second = value(await cluster.apply(exact("exact", resourceVersion, { a: "2" }), ours)).object;
      expect(second.data).toEqual({ a: "2" });
      expect(JSON.stringify(second.metadata.managedFields)).not.toContain("f:uid");
      const stale = failure(await cluster.apply(exact("exact", resourceVersion, { a: "3" }), ours));
      expect(stale.code).toBe("conflict");
      const missing = failure(await cluster.apply(exact("exact-missing", undefined, { a: "1" }), ours));
      expect(missing.code).toBe("conflict");
      expect(failure(await cluster.get(address("exact-missing"))).code).toBe("not-found");
    });

    test("owns exactly what was applied", async () => {
      const { cluster } = parties();
      const labels = { tier: "web" };
      const { object } = value(await cluster.apply(configMap(namespace, "owned", { a: "1" }, labels), ours));
      expect(object.metadata.managedFields).toEqual([
        expect.objectContaining({
          manager: "lockkeeper",
          operation: "Apply",
          apiVersion: "v1",
          fieldsV1: { "f:metadata": { "f:labels": { "f:tier": {} } }, "f:data": { "f:a": {} } },
        }),
      ]);
    });

    test("owns items of lists by their keys, and one-valued maps whole", async () => {
      const { cluster } = parties();
      const { object } = value(await cluster.apply(deployment(namespace, "keys"), ours));
      const mine = object.metadata.managedFields?.find((entry) => entry.manager === "lockkeeper");
      expect(mine?.fieldsV1["f:spec"]).toMatchObject({
        "f:selector": {},
        "f:template": {
          "f:spec": { "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:name": {}, "f:image": {} } } },
        },
      });
    });

    test("removes a field that is no longer applied, and only that", async () => {
      const { cluster } = parties();
      value(await cluster.apply(configMap(namespace, "removal", { a: "1", b: "2" }), ours));
      await spoil("removal", { theirs: "3" });
      const { object } = value(await cluster.apply(configMap(namespace, "removal", { a: "1" }), ours));
      expect(object.data).toEqual({ a: "1", theirs: "3" });
    });

    test("keeps a removed field that somebody else applies as well", async () => {
      const { cluster } = parties();
      value(await cluster.apply(configMap(namespace, "shared", { a: "1", b: "2" }), ours));
      value(await cluster.apply(configMap(namespace, "shared", { b: "2" }), { ...ours, manager: "other" }));
      const { object } = value(await cluster.apply(configMap(namespace, "shared", { a: "1" }), ours));
      expect(object.data).toEqual({ a: "1", b: "2" });
    });

    test("names the manager and the field of a conflict, and takes it when forced", async () => {
      const { cluster } = parties();
      value(await cluster.apply(configMap(namespace, "conflict", { a: "1" }), ours));
      await spoil("conflict", { a: "edited" });
      const refused = failure(await cluster.apply(configMap(namespace, "conflict", { a: "2" }), ours));
      expect(refused.code).toBe("conflict");
      expect(refused.message).toBe("apply ConfigMap contract/conflict: .data.a is owned by kubectl-edit");
      const taken = value(
        await cluster.apply(configMap(namespace, "conflict", { a: "2" }), { ...ours, force: true }),
      );
      expect(taken.object.data).toEqual({ a: "2" });
      expect(taken.object.metadata.managedFields?.map((entry) => entry.manager)).toEqual(["lockkeeper"]);
    });

    test("conflicts in an item of a list by the item's key", async () => {
      const { cluster } = parties();
      value(await cluster.apply(deployment(namespace, "item"), ours));
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/item?fieldManager=kubectl-set`;
      const image = [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "a:2" }];
      expect((await parties().raw("PATCH", path, image, "application/json-patch+json")).status).toBe(200);
      const refused = failure(await cluster.apply(deployment(namespace, "item"), ours));
      expect(refused.message).toContain(
        '.spec.template.spec.containers[name="web"].image is owned by kubectl-set',
      );
    });

    test("in a dry run tells what would be and changes nothing", async () => {
      const { cluster } = parties();
      value(await cluster.apply(configMap(namespace, "dry", { a: "1" }), ours));
      const dry = { ...ours, dryRun: true };
      const told = value(await cluster.apply(configMap(namespace, "dry", { a: "2" }), dry));
      const made = value(await cluster.apply(configMap(namespace, "dry-new", { a: "2" }), dry));
      expect([told.object.data, told.created, made.created]).toEqual([{ a: "2" }, false, true]);
      expect(value(await cluster.get(address("dry"))).data).toEqual({ a: "1" });
      expect(failure(await cluster.get(address("dry-new"))).code).toBe("not-found");
    });

    test("refuses a missing namespace", async () => {
      const { cluster } = parties();
      const refused = failure(await cluster.apply(configMap("nowhere", "a", {}), ours));
      expect(refused.code).toBe("not-found");
      expect(failure(await cluster.apply(configMap("", "a", {}), ours)).code).toBe("malformed");
    });

    test("names the field of what is invalid", async () => {
      const { cluster } = parties();
      const name = failure(await cluster.apply(configMap(namespace, "Not_A_Name", {}), ours));
      expect([name.code, name.message]).toEqual([
        "rejected",
        "apply ConfigMap contract/Not_A_Name: metadata.name has an invalid value",
      ]);
      const selector = { matchLabels: { app: "other" } };
      value(await cluster.apply(deployment(namespace, "frozen"), ours));
      const template = (deployment(namespace, "frozen") as unknown as { spec: { template: object } }).spec
        .template;
      const other = { ...template, metadata: { labels: { app: "other" } } };
      const moved = deployment(namespace, "frozen", { selector, template: other });
      const refused = failure(await cluster.apply(moved, { ...ours, force: true }));
      expect([refused.code, refused.message]).toEqual([
        "rejected",
        "apply Deployment.apps contract/frozen: spec.selector is immutable",
      ]);
    });

    test("never repeats the value of a Secret", async () => {
      const { cluster } = parties();
      const typed = failure(await cluster.apply(secret(namespace, { password: 739_281 }), ours));
      expect(typed.code).toBe("rejected");
      expect(typed.message).toBe("apply Secret contract/secret: .data.password: expected string");
      value(await cluster.apply({ ...secret(namespace, { password: "c2VzYW1l" }), immutable: true }, ours));
      const frozen = failure(
        await cluster.apply({ ...secret(namespace, { password: "b3BlbiE=" }), immutable: true }, ours),
      );
      expect(frozen.code).toBe("rejected");
      expect(JSON.stringify(frozen.message)).not.toMatch(/c2VzYW1l|b3BlbiE|open|sesame/);
    });

    test("turns stringData of a Secret into data", async () => {
      const { cluster } = parties();
      const stringData = { password: "sesame" };
      const metadata = { name: "strings", namespace };
      const applied = value(
        await cluster.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData }, ours),
      );
      expect(applied.object.data).toEqual({ password: "c2VzYW1l" });
    });

    test("counts a generation for a change of the spec and for nothing else", async () => {
      const { cluster } = parties();
      const metadata = { name: "counted", namespace, labels: { a: "1" } };
      const one = value(await cluster.apply(deployment(namespace, "counted"), ours)).object;
      const labelled = { ...deployment(namespace, "counted"), metadata };
      const two = value(await cluster.apply(labelled, ours)).object;
      const three = value(
        await cluster.apply(deployment(namespace, "counted", { replicas: 3 }), ours),
      ).object;
      expect([one, two, three].map((object) => object.metadata.generation)).toEqual([1, 1, 2]);
    });
  });

  describe("other writes", () => {
    test("creates once", async () => {
      const { cluster } = parties();
      const made = value(await cluster.create(configMap(namespace, "once", { a: "1" })));
      expect(made.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(failure(await cluster.create(configMap(namespace, "once", {}))).code).toBe("conflict");
    });

    test("replaces what was read, and nothing newer", async () => {
      const { cluster } = parties();
      const read = value(await cluster.create(configMap(namespace, "replaced", { a: "1" })));
      const written = value(await cluster.replace({ ...read, data: { a: "2" } }));
      expect(written.data).toEqual({ a: "2" });
      expect(failure(await cluster.replace({ ...read, data: { a: "3" } })).code).toBe("conflict");
      expect(value(await cluster.get(address("replaced"))).data).toEqual({ a: "2" });
    });

    test("tracks an edit under the name of whoever edits, with its time", async () => {
      const { cluster } = parties();
      value(await cluster.apply(configMap(namespace, "tracked", { a: "1" }), ours));
      await spoil("tracked", { b: "2" }, "k9s");
      const live = value(await cluster.get(address("tracked")));
      const theirs = live.metadata.managedFields?.find((entry) => entry.manager === "k9s");
      expect(theirs).toMatchObject({ operation: "Update", fieldsV1: { "f:data": { "f:b": {} } } });
      expect(Math.abs(Date.now() - Date.parse(theirs?.time ?? ""))).toBeLessThan(60_000);
    });

    test("scales through the subresource", async () => {
      const { cluster } = parties();
      value(await cluster.apply(deployment(namespace, "scaled"), ours));
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/scaled/scale`;
      const scaled = await parties().raw(
        "PATCH",
        path,
        { spec: { replicas: 5 } },
        "application/merge-patch+json",
      );
      expect([scaled.status, scaled.body.kind]).toEqual([200, "Scale"]);
      const live = value(
        await cluster.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "scaled" }),
      );
      expect(live.spec).toMatchObject({ replicas: 5 });
    });

    test("merges strategically by the keys of lists", async () => {
      const { cluster } = parties();
      value(await cluster.apply(deployment(namespace, "edited"), ours));
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/edited`;
      const patch = { spec: { template: { spec: { containers: [{ name: "side", image: "side:1" }] } } } };
      await parties().raw("PATCH", path, patch, "application/strategic-merge-patch+json");
      const live = (await parties().raw("GET", path)).body as unknown as {
        spec: { template: { spec: { containers: { name: string }[] } } };
      };
      expect(live.spec.template.spec.containers.map(({ name }) => name).sort()).toEqual(["side", "web"]);
    });

    test("deletes the object of this uid and no other", async () => {
      const { cluster } = parties();
      const made = value(await cluster.create(configMap(namespace, "deleted", {})));
      const wrong = failure(
        await cluster.delete(address("deleted"), "00000000-0000-0000-0000-000000000000", "self"),
      );
      expect(wrong.code).toBe("conflict");
      expect(value(await cluster.get(address("deleted"))).metadata.uid).toBe(made.metadata.uid);
      value(await cluster.delete(address("deleted"), made.metadata.uid ?? "", "self"));
      const again = failure(await cluster.delete(address("deleted"), made.metadata.uid ?? "", "self"));
      expect(again.code).toBe("not-found");
    });

    test("keeps what has a finalizer until it is taken away", async () => {
      const { cluster } = parties();
      const held = configMap(namespace, "held", {});
      const metadata = { ...held.metadata, finalizers: ["lockkeeper.dev/test"] };
      const made = value(await cluster.create({ ...held, metadata }));
      value(await cluster.delete(address("held"), made.metadata.uid ?? "", "self"));
      const live = value(await cluster.get(address("held")));
      expect(live.metadata.deletionTimestamp).toBeDefined();
      value(await cluster.replace({ ...live, metadata: { ...live.metadata, finalizers: [] } }));
      expect(failure(await cluster.get(address("held"))).code).toBe("not-found");
    });
  });
}

function secret(namespace: string, data: object): KubernetesObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name: "secret", namespace }, type: "Opaque", data };
}
