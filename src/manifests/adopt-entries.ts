/** Entries of a kustomization that set images and replicas of what it renders, with live values instead. */

import { type LiveField, fieldOf } from "./live-field.ts";
import { type JsonRecord, isRecord } from "./same-json.ts";

/** The kustomization as it would have to be, and the fields that its entries set. `object` is as rendered. */
export function withEntries(
  kustomization: JsonRecord,
  object: JsonRecord,
  fields: readonly LiveField[],
): { readonly value: JsonRecord; readonly adopted: readonly LiveField[] } {
  let value = kustomization;
  const adopted: LiveField[] = [];
  for (const field of fields) {
    const next = withImage(value, object, field) ?? withReplicas(value, object, field);
    if (next === null) continue;
    value = next;
    adopted.push(field);
  }
  return { value, adopted };
}

interface Image {
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** https://github.com/distribution/reference: a colon behind the last slash begins the tag. */
function imageOf(text: unknown): Image | null {
  const found = typeof text === "string" ? /^([^@\s]+?)(?::([\w.-]+))?(?:@(\S+))?$/.exec(text) : null;
  if (found === null) return null;
  const [, name = "", tag, digest] = found;
  return { name, tag, digest };
}

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/ */
function withImage(
  kustomization: JsonRecord,
  object: JsonRecord,
  { steps, value }: LiveField,
): JsonRecord | null {
  if (steps.at(-1) !== "f:image") return null;
  const [from, to] = [imageOf(fieldOf(object, steps)), imageOf(value)];
  if (from === null || to === null) return null;
  return withItem(kustomization, "images", (entry) => {
    if ((entry["newName"] ?? entry["name"]) !== from.name) return null;
    const { newTag: _, digest: __, ...rest } = entry;
    return {
      ...rest,
      ...(to.name !== from.name && { newName: to.name }),
      ...(to.tag !== undefined && { newTag: to.tag }),
      ...(to.digest !== undefined && { digest: to.digest }),
    };
  });
}

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replicas/ */
function withReplicas(
  kustomization: JsonRecord,
  object: JsonRecord,
  { steps, value }: LiveField,
): JsonRecord | null {
  if (steps.join(" ") !== "f:spec f:replicas" || typeof value !== "number") return null;
  const { metadata } = object;
  const name = isRecord(metadata) ? String(metadata["name"]) : "";
  return withItem(kustomization, "replicas", (entry) => {
    const isMeant = typeof entry["name"] === "string" && name.includes(entry["name"]);
    return isMeant && entry["count"] === fieldOf(object, steps) ? { ...entry, count: value } : null;
  });
}

/** The one item that is changed; null where none is, or several are. */
function withItem(
  kustomization: JsonRecord,
  key: string,
  change: (item: JsonRecord) => JsonRecord | null,
): JsonRecord | null {
  const list = kustomization[key];
  if (!Array.isArray(list)) return null;
  const changed = list.map((item: unknown) => (isRecord(item) ? change(item) : null));
  if (changed.filter((item) => item !== null).length !== 1) return null;
  return { ...kustomization, [key]: list.map((item: unknown, at) => changed[at] ?? item) };
}
