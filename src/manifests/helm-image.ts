/** Images in Helm values: charts agree on no form, so that the keys of a map tell which one it is. */

import { isMap, isSeq } from "yaml";
import { isTag } from "../model/image.ts";
import { type Cursor, childOf, ownEntries, ownItems, textAt, textOf } from "./cursor.ts";
import { keyOf } from "./node-path.ts";
import { inRegistry, registryOf } from "./helm-registry.ts";
import { isHosted, isVersioned, saysImage } from "./image-text.ts";
import { isTemplate, joinRegistry } from "./read-place.ts";
import type { Place, Shape } from "./shape.ts";

/** Every image of a map of values, at any depth. */
export const imagePlaces: Shape = (values) => {
  const registry = registryOf(values);
  const places = placesUnder(values, "");
  return registry === null ? places : places.map((place) => inRegistry(place, registry));
};

/** Kubernetes writes or copies these; what looks like an image there runs nothing. */
const passedOver = /^status$|annotations$|labels$/i;

function placesUnder(cursor: Cursor, name: string): readonly Place[] {
  const inner = [
    ...ownEntries(cursor).filter(([key]) => !passedOver.test(key)),
    ...ownItems(cursor).map((item) => [name, item] as const),
  ];
  const own = isMap(cursor.node) ? mapPlaces(cursor, name) : [];
  const nested = inner.flatMap(([key, child]) =>
    isMap(child.node) || isSeq(child.node) ? placesUnder(child, imageKey.test(name) ? name : key) : [],
  );
  return [...own, ...nested];
}

/** `image`, `initImage`, and all that is below them or `extraImages`. */
const imageKey = /images?$/i;
/** Keys of sentences and addresses for people. */
const forPeople = /^(?:description|display_?name|title|label|help|comment|url|href|link)$/i;
/** An OCI artifact with its tag; without one it is the place of charts. */
const artifact = /^oci:\/\/.+:[^/]+$/;

/** What the keys of one map say: parts of one image, or strings that are images, or both. */
function mapPlaces(map: Cursor, name: string): readonly Place[] {
  const imageMap = imageKey.test(name);
  const parts = partsOf(map, imageMap);
  const strings = keysOf(map)
    .filter((key) => parts?.keys.includes(key) !== true)
    .flatMap((key) => stringPlaces(map, key, imageMap));
  return parts === null ? strings : [parts.place, ...strings];
}

function keysOf({ node }: Cursor): readonly string[] {
  return isMap(node) ? [...new Set(node.items.map(keyOf))] : [];
}

function stringPlaces(map: Cursor, key: string, imageMap: boolean): readonly Place[] {
  const at = childOf(map, key);
  const text = textOf(at) ?? "";
  if (at === null || !isNamed(key, text, imageMap)) return [];
  if (otherTagKey.test(key) && !/\/.*:/.test(text))
    return tagKey.test(key) || !isTag(withoutDigest(text)) ? [] : [lonelyTag(at)];
  const registry = isHosted(text) ? undefined : textAt(map, "registry");
  return isVersioned(text) || isStated(at, key) ? [{ type: "reference", at, registry }] : [];
}

function isNamed(key: string, text: string, imageMap: boolean): boolean {
  if (saysImage(key, text) || artifact.test(text)) return true;
  return imageMap && isHosted(text) && !forPeople.test(key);
}

/** What is meant for an image though it is none as it stands: without a version, or a template. */
function isStated(at: Cursor, key: string): boolean {
  const text = textOf(at) ?? "";
  return (key === "image" && text !== "") || (imageKey.test(key) && (isTemplate(text) || isTemplateMap(at)));
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
  const key = tagKeys(map, imageMap || name?.keys[0] === "image").find((one) => childOf(map, one) !== null);
  const digestKey = ["digest", "sha"].find((one) => textAt(map, one) !== "");
  const tag = key === undefined ? null : childOf(map, key);
  const digest = digestKey === undefined ? null : childOf(map, digestKey);
  if (name !== null) {
    const stated = tag !== null || digest !== null || (imageMap && name.keys[0] === "repository");
    return stated ? { place: { type: "parts", map, image: name.text, tag, digest }, keys: name.keys } : null;
  }
  const surely = imageMap || key !== "tag";
  return tag === null || !isLonely(map, textOf(tag) ?? "", surely)
    ? null
    : { place: lonelyTag(tag), keys: [] };
}

function lonelyTag({ node }: Cursor): Place {
  return { type: "skipped", at: node, reason: "a tag with no repository beside it" };
}

/** Keys that say by themselves that they hold the tag of an image. */
const tagKey = /^image_?(?:tag|version)$/i;
const otherTagKey = /image_?(?:tag|version)$/i;

/** Whether a text is the tag of an image that stands elsewhere; `tag` is a word for many things, a version is not. */
function isLonely(map: Cursor, text: string, surely: boolean): boolean {
  const tag = withoutDigest(text);
  const isElse = ["repository", "repo", "image", "url", "chart"].some((key) => textAt(map, key) !== "");
  return isTag(tag) && !isElse && (surely || /^v?\d+\.\d/.test(tag));
}

function withoutDigest(text: string): string {
  return text.replace(/@sha256:[0-9a-f]+$/, "");
}

/** `version` belongs to many things; beside an image it is one's tag, beside a chart the chart's. */
function tagKeys(map: Cursor, versioned: boolean): readonly string[] {
  const keys = ["tag", ...keysOf(map).filter((key) => tagKey.test(key))];
  return versioned && childOf(map, "chart") === null ? [...keys, "version"] : keys;
}

interface ImageName {
  readonly keys: readonly string[];
  readonly text: string;
}

/** The repository with what stands in front of it in keys of its own, and the keys that name it. */
function nameOf(map: Cursor, imageMap: boolean): ImageName | null {
  const candidates = ["repository", "repo", "image", ...(imageMap ? ["name"] : [])];
  const [key, ...others] = candidates.filter((candidate) => textAt(map, candidate) !== "");
  if (key === undefined) return registryName(map);
  const own = textAt(map, key);
  if ((key === "image" && isVersioned(own)) || /:\/\/|@/.test(own)) return null;
  const isInner = (other: string): boolean =>
    /^(?:image|name)$/.test(other) && !isVersioned(textAt(map, other));
  const last = key.startsWith("repo") ? others.find(isInner) : undefined;
  const front = textAt(map, "registry") || textAt(map, "hub");
  const text = last === undefined ? own : joinRegistry(own, textAt(map, last));
  return { keys: last === undefined ? [key] : [key, last], text: joinRegistry(front, text) };
}

/** Some charts take the repository with its registry under that key. */
function registryName(map: Cursor): ImageName | null {
  const text = textAt(map, "registry");
  return /^[^/]*[.:][^/]*\/[^:@]+$/.test(text) ? { keys: ["registry"], text } : null;
}
