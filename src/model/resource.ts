/** What a Kubernetes object is to us: raw JSON with an identity. */

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One entry of `metadata.managedFields`. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1: { readonly [key: string]: Json };
}

export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFields[];
  readonly [key: string]: unknown;
}

/** An object as the API server sends it or takes it: raw, because typed clients drop what they do not know. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly [key: string]: unknown;
}

/** Group and kind, and the name. The version is not part of it; a cluster-scoped object has no namespace. */
export interface ResourceId {
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** The group of an `apiVersion`: empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

export function resourceId(object: KubernetesObject): ResourceId {
  const { name, namespace } = object.metadata;
  return { group: groupOf(object.apiVersion), kind: object.kind, namespace, name };
}

/** `Deployment.apps web/frontend`: unique, stable and readable. */
export function resourceText(id: ResourceId): string {
  const kind = id.group === "" ? id.kind : `${id.kind}.${id.group}`;
  return `${kind} ${id.namespace === undefined ? "" : `${id.namespace}/`}${id.name}`;
}

/** What happened to an object; the same words in reports, logs and tests. */
export type Action = "created" | "configured" | "recreated" | "unchanged" | "pruned" | "failed";

/** Where a kind is served. */
export interface KindInfo {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** An address of one object: the version in use, and the identity. */
export interface ObjectAddress {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** An address from an object. */
export function addressOf(object: KubernetesObject): ObjectAddress {
  const { name, namespace } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, namespace, name };
}

/** An address from an identity and the version to use. */
export function addressAt(apiVersion: string, id: ResourceId): ObjectAddress {
  return { apiVersion, kind: id.kind, namespace: id.namespace, name: id.name };
}
