/** Flux's OCIRepository: an artifact in a registry, its version in a key of its own. https://fluxcd.io/flux/components/source/ocirepositories/ */

import { groupOf } from "../model/resource.ts";
import { type Cursor, childOf, textAt } from "./cursor.ts";
import type { Place, Shape } from "./shape.ts";

export const ociRepository: Shape = (object) => {
  const spec = childOf(object, "spec");
  if (spec === null) return [];
  const kind = textAt(object, "kind");
  const group = groupOf(textAt(object, "apiVersion"));
  if (kind === "OCIRepository" && group === "source.toolkit.fluxcd.io")
    return refPlaces(textAt(spec, "url"), childOf(spec, "ref"));
  const sync = childOf(spec, "sync");
  const isInstance = kind === "FluxInstance" && group === "fluxcd.controlplane.io";
  return isInstance && sync !== null ? syncPlaces(sync) : [];
};

/** Flux takes a digest before a range before a tag; what a range means it works out by itself. */
function refPlaces(url: string, ref: Cursor | null): readonly Place[] {
  if (ref === null || !url.startsWith("oci://")) return [];
  const [tag, digest, range] = [childOf(ref, "tag"), childOf(ref, "digest"), childOf(ref, "semver")];
  if (range !== null && digest === null)
    return [{ type: "skipped", at: range.node, reason: "a range: Flux itself follows it" }];
  if (tag === null && digest === null) return [];
  return [{ type: "parts", map: ref, image: url.slice("oci://".length), tag, digest }];
}

/** `ref` is a tag where the source is a registry. */
function syncPlaces(sync: Cursor): readonly Place[] {
  const [kind, url, tag] = [textAt(sync, "kind"), textAt(sync, "url"), childOf(sync, "ref")];
  if (kind !== "OCIRepository" || tag === null || !url.startsWith("oci://")) return [];
  return [{ type: "parts", map: sync, image: url.slice("oci://".length), tag, digest: null }];
}
