/** One request to the in-memory API, taken apart. */

import type { ServedKind } from "./served-kinds.ts";
import { apiVersionOf, servedKinds } from "./served-kinds.ts";

export interface ResourceRequest {
  readonly method: string;
  readonly kind: ServedKind;
  /** As it was asked for: answers carry it. */
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown;
  readonly contentType: string;
  /** Of `fieldManager`, else the first word of the user agent. */
  readonly manager: string;
}

export type ResourcePath = Pick<
  ResourceRequest,
  "kind" | "apiVersion" | "namespace" | "name" | "subresource"
>;

/** `/api/v1/…` and `/apis/GROUP/VERSION/…`; null for what is not served. */
export function parseResourcePath(path: string): ResourcePath | null {
  const segments = path.split("/").slice(1).map(decodeURIComponent);
  const [root, group = "", version = ""] = segments[0] === "api" ? ["api", "", segments[1]] : segments;
  const rest = segments.slice(root === "api" ? 2 : 3);
  // `/namespaces/web/status` is about the namespace itself, `/namespaces/web/pods` about what is in it.
  const inNamespace =
    rest[0] === "namespaces" && rest.length > 2 && !["status", "finalize"].includes(rest[2]!);
  const namespace = inNamespace ? rest[1] : undefined;
  const [plural, name, subresource, ...more] = inNamespace ? rest.slice(2) : rest;
  const kind = servedKinds.find(
    (entry) => entry.group === group && entry.plural === plural && entry.versions.includes(version),
  );
  if (kind === undefined || more.length > 0 || (inNamespace && !kind.namespaced)) return null;
  if (kind.namespaced && name !== undefined && namespace === undefined) return null;
  if (!knowsSubresource(kind, subresource)) return null;
  return { kind, apiVersion: apiVersionOf(group, version), namespace, name, subresource };
}

function knowsSubresource(kind: ServedKind, subresource: string | undefined): boolean {
  if (subresource === undefined) return true;
  return (subresource === "status" && kind.status) || (subresource === "scale" && kind.scale);
}
