/** Images in Helm values: charts agree on no form, so that the keys of a map tell which one it is. */

import { isMap, isSeq } from "yaml";
import { isTag } from "../model/image.ts";
import { type Cursor, childOf, keyOf, ownEntries, ownItems, textAt, textOf } from "./cursor.ts";
import { isHosted, isVersioned } from "./image-text.ts";
import { isTemplate, joinRegistry } from "./read-place.ts";
import type { Place, Shape } from "./shape.ts";

/** Every image of a map of values, at any depth. */
export const imagePlaces: Shape = (values) => placesUnder(values, "");

/** Kubernetes writes or copies these; what looks like an image there runs nothing. */
const passedOver = new Set(["status", "annotations"]);

function placesUnder(cursor: Cursor, name: string): readonly Place[] {
  const inner = [
    ...ownEntries(cursor).filter(([key]) => !passedOver.has(key)),
    ...ownItems(cursor).map((item) => [name, item] as const),
  ];
  const own = isMap(cursor.node) ? mapPlaces(cursor, name) : [];
  const nested = inner.flatMap(([key, child]) =>
    isMap(child.node) || isSeq(child.node) ? placesUnder(child, key) : [],
  );
  return [...own, ...nested];
}

const imageKey = /image$/i;
/** An OCI artifact with its tag; without one it is the place of charts. */
const artifact = /^oci:\/\/.+:[^/]+$/;

/** What the keys of one map say: parts of one image, or strings that are images, or both. */
function mapPlaces(map: Cursor, name: string): readonly Place[] {
  const parts = partsOf(map, imageKey.test(name));
  const strings = keysOf(map)
    .filter((key) => parts?.keys.includes(key) !== true)
    .flatMap((key) => stringPlaces(map, key));
  return parts === null ? strings : [parts.place, ...strings];
}

function keysOf({ node }: Cursor): readonly string[] {
  return isMap(node) ? [...new Set(node.items.map(keyOf))] : [];
}

function stringPlaces(map: Cursor, key: string): readonly Place[] {
  const at = childOf(map, key);
  const text = textOf(at) ?? "";
  if (at === null || !(imageKey.test(key) || artifact.test(text))) return [];
  const registry = isHosted(text) ? undefined : textAt(map, "registry");
  const stated = key === "image" && text !== "";
  const isPlace = stated || isTemplate(text) || isVersioned(text) || isTemplateMap(at);
  return isPlace ? [{ type: "reference", at, registry }] : [];
}

/** An unquoted `{{ … }}` is a map within a map to YAML. */
function isTemplateMap({ node }: Cursor): boolean {
  return isMap(node) && node.flow === true && isMap(node.items[0]?.key);
}

interface Parts {
  readonly place: Place;
  /** The keys that hold the name. */
  readonly keys: readonly string[];
}

/** The parts of one image; null where the keys make none. `imageMap`: the key of the map says that it is an image. */
function partsOf(map: Cursor, imageMap: boolean): Parts | null {
  const name = nameOf(map, imageMap);
  const tagKey = tagKeys(map, imageMap || name?.keys[0] === "image").find(
    (key) => childOf(map, key) !== null,
  );
  const digestKey = ["digest", "sha"].find((key) => textAt(map, key) !== "");
  const tag = tagKey === undefined ? null : childOf(map, tagKey);
  const digest = digestKey === undefined ? null : childOf(map, digestKey);
  if (name !== null) {
    const stated = tag !== null || digest !== null || (imageMap && name.keys[0] === "repository");
    return stated ? { place: { type: "parts", map, image: name.text, tag, digest }, keys: name.keys } : null;
  }
  if (!imageMap || tag === null || !isTag(textOf(tag) ?? "")) return null;
  return {
    place: { type: "skipped", at: tag.node, reason: "a tag with no repository beside it" },
    keys: [],
  };
}

/** `version` belongs to many things; beside an image it is one's tag, beside a chart the chart's. */
function tagKeys(map: Cursor, versioned: boolean): readonly string[] {
  const keys = ["tag", "imageTag", "image_tag"];
  return versioned && childOf(map, "chart") === null ? [...keys, "version"] : keys;
}

/** The repository with what stands in front of it in keys of its own, and the keys that name it. */
function nameOf(map: Cursor, imageMap: boolean): { keys: readonly string[]; text: string } | null {
  const candidates = ["repository", "repo", "image", ...(imageMap ? ["name"] : [])];
  const [key, ...others] = candidates.filter((candidate) => textAt(map, candidate) !== "");
  const own = key === undefined ? "" : textAt(map, key);
  if (key === undefined || (key === "image" && isVersioned(own)) || /:\/\/|@/.test(own)) return null;
  const isInner = (other: string): boolean =>
    /^(?:image|name)$/.test(other) && !isVersioned(textAt(map, other));
  const last = key.startsWith("repo") ? others.find(isInner) : undefined;
  const front = textAt(map, "registry") || textAt(map, "hub");
  const text = last === undefined ? own : joinRegistry(own, textAt(map, last));
  return { keys: last === undefined ? [key] : [key, last], text: joinRegistry(front, text) };
}
