/** Brings a manifest into the form that server-side apply takes without surprises. Reasons were measured on 1.20.2. */

import { Buffer } from "node:buffer";
import { type KubernetesObject, groupOf } from "../model/resource.ts";
import { appLabel } from "./app-hash.ts";
import { type JsonRecord, isRecord, valueAt } from "./json-path.ts";
import { hashAnnotation, observedAnnotation } from "./reload-workload.ts";

/** Set by the server; in a body they would be owned, or refused. */
const serverMetadata = new Set([
  "creationTimestamp",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
]);

/** Where an object goes: `namespace` is the app's default, for objects that name none. */
export interface Placement {
  readonly appHash: string;
  readonly namespaced: boolean;
  readonly namespace?: string;
}

/**
 * Drops `status`, server-set metadata, what reloads have written and every null (a null in `data` would be stored as "");
 * turns `stringData` into `data`; fills in the protocol of ports and writes quantities as text (either is a 500 on old
 * servers); leaves out what only controllers fill in; places the object and stamps the app's label, so that our manager
 * always owns a field.
 */
export function normalise(object: KubernetesObject, placement: Placement): KubernetesObject {
  const { status: _, ...rest } = withoutNulls(object) as KubernetesObject;
  const builtIn = !groupOf(object.apiVersion).includes(".") || object.apiVersion.includes(".k8s.io/");
  const content = builtIn ? (quantitiesAsText(withProtocols(rest)) as JsonRecord) : rest;
  const own = withoutOthersFields(content);
  const placed = { ...own, metadata: placedMetadata(object, placement) } as KubernetesObject;
  return object.kind === "Secret" && object.apiVersion === "v1" ? withEncodedData(placed) : placed;
}

const bundleCarriers = new Set([
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "APIService",
  "CustomResourceDefinition",
]);
/** An empty line in base64: generators write it where a controller will put the real bundle. */
const emptyBundle = "Cg==";

/** Leaves to controllers what only they can fill in: rules of an aggregated ClusterRole, bundles that are place holders. */
function withoutOthersFields(content: JsonRecord): JsonRecord {
  if (content["kind"] === "ClusterRole" && isRecord(content["aggregationRule"])) {
    const { rules: _, ...rest } = content;
    return rest;
  }
  return bundleCarriers.has(String(content["kind"])) ? (withoutEmptyBundles(content) as JsonRecord) : content;
}

function withoutEmptyBundles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyBundles);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key, member]) => key !== "caBundle" || member !== emptyBundle);
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutEmptyBundles(member)]));
}

function placedMetadata(object: KubernetesObject, placement: Placement): KubernetesObject["metadata"] {
  const kept = Object.entries(withoutNulls(object.metadata) as JsonRecord).filter(
    ([key]) => !serverMetadata.has(key) && key !== "namespace",
  );
  const namespace = object.metadata.namespace ?? placement.namespace;
  return {
    ...(Object.fromEntries(kept) as KubernetesObject["metadata"]),
    ...(placement.namespaced && namespace !== undefined ? { namespace } : {}),
    labels: { ...asTexts(object.metadata.labels), [appLabel]: placement.appHash },
  };
}

/** Labels written without quotes (`version: 1`) are numbers in YAML and texts in Kubernetes. */
function asTexts(labels: unknown): Readonly<Record<string, string>> {
  if (!isRecord(labels)) return {};
  const entries = Object.entries(labels).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, member]) => member !== null && member !== undefined && !reloadRecords.has(key),
  );
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNulls(member)]));
}

/** They come into Git with a manifest that was read from a cluster, and would be taken for the state of this one. */
const reloadRecords: ReadonlySet<string> = new Set([hashAnnotation, observedAnnotation]);

const portList = new Set(["ports"]);

/** Container and Service ports, whose list is keyed by number and protocol. */
function withProtocols(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    const ports = portList.has(key);
    return value.map((item) => withProtocols(ports && isPort(item) ? { ...item, protocol: "TCP" } : item));
  }
  if (!isRecord(value)) return value;
  return mapMembers(value, (member, name) => withProtocols(member, name));
}

function isPort(item: unknown): item is JsonRecord {
  if (!isRecord(item) || item["protocol"] !== undefined) return false;
  return "containerPort" in item || typeof item["port"] === "number";
}

/** Mappings of resource names to quantities, and single quantities. */
const quantityMaps = new Set(["limits", "requests", "hard", "capacity", "allocatable", "overhead"]);
const limitRangeMaps = new Set(["default", "defaultRequest", "max", "min", "maxLimitRequestRatio"]);
const quantities = new Set(["sizeLimit", "averageValue", "targetAverageValue"]);

function quantitiesAsText(value: unknown, inLimitRange = valueAt(value, "kind") === "LimitRange"): unknown {
  if (Array.isArray(value)) return value.map((item) => quantitiesAsText(item, inLimitRange));
  if (!isRecord(value)) return value;
  return mapMembers(value, (member, key) => {
    const map = quantityMaps.has(key) || (inLimitRange && limitRangeMaps.has(key));
    if (map && isRecord(member)) return mapMembers(member, numberAsText);
    return quantities.has(key) ? numberAsText(member) : quantitiesAsText(member, inLimitRange);
  });
}

function numberAsText(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}

function mapMembers(record: JsonRecord, change: (member: unknown, key: string) => unknown): JsonRecord {
  return Object.fromEntries(Object.entries(record).map(([key, member]) => [key, change(member, key)]));
}

/** `stringData` would be owned as such, and a key removed from it would stay in `data` for ever. */
function withEncodedData(secret: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = secret;
  if (!isRecord(stringData)) return secret;
  const encoded = mapMembers(stringData, (text) => Buffer.from(String(text)).toString("base64"));
  return { ...rest, data: { ...(isRecord(rest["data"]) ? rest["data"] : {}), ...encoded } };
}
