/** Lockkeeper's own namespace in the cluster: it is there, and the key of all digests is kept in it. */

import { Buffer } from "node:buffer";
import { type Result, fail, ok } from "../../model/failure.ts";
import type { KindInfo, KubernetesObject } from "../../model/resource.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { textAt } from "../../rollout/json-path.ts";
import { systemNamespace } from "../../rollout/within-target.ts";

/** Marks ConfigMaps of ours; the value says what one records. */
export const recordLabel = "lockkeeper.dev/record";
export const configMaps: KindInfo = {
  apiVersion: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

const keySecret = { apiVersion: "v1", kind: "Secret", namespace: systemNamespace, name: "lockkeeper-keys" };
const keyBytes = 32;

/** Creates the namespace when it is missing. */
export async function ensureNamespace(cluster: Cluster): Promise<Result<void>> {
  const address = { apiVersion: "v1", kind: "Namespace", name: systemNamespace };
  const found = await cluster.get(address);
  if (found.ok) return ok(undefined);
  if (found.failure.code !== "not-found") return found;
  const { apiVersion, kind, name } = address;
  const created = await cluster.create({ apiVersion, kind, metadata: { name } });
  return created.ok || created.failure.code === "conflict" ? ok(undefined) : created;
}

/** The key of all digests; made once. A lost one costs an apply that changes nothing for every object. */
export async function hashKey(
  cluster: Cluster,
  random: (bytes: number) => Uint8Array,
): Promise<Result<Uint8Array>> {
  const found = await cluster.get(keySecret);
  if (found.ok) return keyOf(found.value);
  if (found.failure.code !== "not-found") return found;
  const { apiVersion, kind, name, namespace } = keySecret;
  const created = await cluster.create({
    apiVersion,
    kind,
    metadata: { name, namespace },
    type: "Opaque",
    data: { digest: Buffer.from(random(keyBytes)).toString("base64") },
  });
  if (created.ok) return keyOf(created.value);
  if (created.failure.code !== "conflict") return created;
  const again = await cluster.get(keySecret);
  return again.ok ? keyOf(again.value) : again;
}

function keyOf(secret: KubernetesObject): Result<Uint8Array> {
  const key = Buffer.from(textAt(secret, "data", "digest") ?? "", "base64");
  if (key.length >= keyBytes) return ok(key);
  return fail("malformed", `the Secret ${keySecret.namespace}/${keySecret.name} holds no usable key`);
}

/** Every ConfigMap of ours that records something of that sort. */
export async function listRecords(
  cluster: Cluster,
  record: string,
): Promise<Result<readonly KubernetesObject[]>> {
  const listed = await cluster.list(configMaps, `${recordLabel}=${record}`);
  if (!listed.ok) return listed;
  return ok(listed.value.filter((object) => object.metadata.namespace === systemNamespace));
}

/** Creates a record, or replaces the one that was read: `conflict` when somebody else wrote it meanwhile. */
export async function writeRecord(
  cluster: Cluster,
  record: { name: string; sort: string; labels?: Readonly<Record<string, string>> },
  data: Readonly<Record<string, string>>,
  resourceVersion: string | undefined,
): Promise<Result<KubernetesObject>> {
  const labels = { [recordLabel]: record.sort, ...record.labels };
  const metadata = { name: record.name, namespace: systemNamespace, labels };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
  if (resourceVersion === undefined) return cluster.create(object);
  return cluster.replace({ ...object, metadata: { ...metadata, resourceVersion } });
}
