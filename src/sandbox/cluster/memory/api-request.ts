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
  /** Only `metadata` of each object is asked for. */
  readonly metadataOnly: boolean;
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
  const core = segments[0] === "api";
  const [group = "", version = ""] = core ? ["", segments[1]] : segments.slice(1);
  const { namespace, rest } = splitNamespace(segments.slice(core ? 2 : 3));
  const [plural, name, subresource, ...more] = rest;
  const kind = servedKinds.find(
    (entry) => entry.group === group && entry.plural === plural && entry.versions.includes(version),
  );
  if (kind === undefined || more.length > 0 || !knowsSubresource(kind, subresource)) return null;
  const misplaced = kind.namespaced ? name !== undefined && namespace === undefined : namespace !== undefined;
  return misplaced ? null : { kind, apiVersion: apiVersionOf(group, version), namespace, name, subresource };
}

/** `/namespaces/web/status` is about the namespace itself, `/namespaces/web/pods` about what is in it. */
function splitNamespace(segments: readonly string[]): { namespace?: string; rest: readonly string[] } {
  const [first, namespace, plural] = segments;
  const within = first === "namespaces" && plural !== undefined && !["status", "finalize"].includes(plural);
  return within ? { namespace, rest: segments.slice(2) } : { rest: segments };
}

function knowsSubresource(kind: ServedKind, subresource: string | undefined): boolean {
  if (subresource === undefined) return true;
  return (subresource === "status" && kind.status) || (subresource === "scale" && kind.scale);
}
