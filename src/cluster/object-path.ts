/** Paths of objects and collections in the Kubernetes API. */

import { type Result, fail, ok } from "../model/failure.ts";
import { type KindInfo, type ObjectAddress, groupOf, resourceText } from "../model/resource.ts";
import { groupPath } from "./kinds.ts";

/** What is listed and watched of a kind. */
export interface Selection {
  readonly kind: KindInfo;
  readonly labelSelector: string;
  readonly namespace?: string;
  readonly metadataOnly?: boolean;
}

/** Asks for bare metadata where that is enough; a server that cannot sends whole objects. */
export function acceptFor({ metadataOnly }: Selection, form: "List" | ""): string {
  const whole = "application/json";
  return metadataOnly === true
    ? `${whole};as=PartialObjectMetadata${form};g=meta.k8s.io;v=v1, ${whole}`
    : whole;
}

/** The collection of a kind: of one namespace, or of all. */
export function collectionPath(kind: KindInfo, namespace?: string): string {
  const scope =
    kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupPath(kind.apiVersion)}${scope}/${kind.plural}`;
}

/** `malformed` when a namespaced object names no namespace: the API server's answer to that would mislead. */
export function objectPath(kind: KindInfo, address: ObjectAddress): Result<string> {
  if (kind.namespaced && !address.namespace) {
    return fail("malformed", `${address.kind} ${address.name} needs a namespace`);
  }
  // `.` and `..` would be resolved away; an empty name would be the whole collection.
  if (["", ".", ".."].includes(address.name) || ["", ".", ".."].includes(address.namespace ?? "none")) {
    return fail("malformed", `${address.kind} "${address.name}" has no usable name or namespace`);
  }
  return ok(`${collectionPath(kind, address.namespace)}/${encodeURIComponent(address.name)}`);
}

/** For messages: `Deployment.apps web/frontend`. */
export function addressText({ apiVersion, kind, namespace, name }: ObjectAddress): string {
  return resourceText({ group: groupOf(apiVersion), kind, namespace, name });
}
