/** The `ImageUpdater` objects of Argo CD Image Updater, put as the annotations that say the same. */

import { groupOf } from "../model/resource.ts";
import { type Cursor, childOf, descend, itemsOf, ownEntries, textAt, textOf } from "./cursor.ts";
import { type Files, type PlacedObject, objectsWith } from "./repository-objects.ts";

/** One image of one Application, in the words of the annotations without their prefix. */
export interface UpdaterEntry {
  /** For people: `ImageUpdater fleet`. */
  readonly name: string;
  readonly application: PlacedObject;
  readonly annotations: Readonly<Record<string, string>>;
  /** An item of `image-list`. */
  readonly entry: string;
}

const group = "argocd-image-updater.argoproj.io";

/** https://argocd-image-updater.readthedocs.io/en/stable/configuration/applications/ */
export function updaterEntries(files: Files): readonly UpdaterEntry[] {
  const updaters = objectsWith(`${group}/`, files)
    .map(({ object }) => object)
    .filter((one) => textAt(one, "kind") === "ImageUpdater" && groupOf(textAt(one, "apiVersion")) === group);
  if (updaters.length === 0) return [];
  const applications = objectsWith("argoproj.io/", files).filter(({ object }) =>
    /^Application(?:Set)?$/.test(textAt(object, "kind")),
  );
  return updaters.flatMap((updater) => {
    const spec = childOf(updater, "spec");
    const name = `ImageUpdater ${at(updater, "metadata", "name")}`;
    return listAt(spec, "applicationRefs").flatMap((ref) =>
      applications
        .filter(({ object }) => isMeant(ref, object))
        .flatMap((application) => entriesOf({ application, name }, spec, ref)),
    );
  });
}

function entriesOf(
  of: Pick<UpdaterEntry, "application" | "name">,
  spec: Cursor | null,
  ref: Cursor,
): readonly UpdaterEntry[] {
  return listAt(ref, "images").map((image) => {
    const alias = textAt(image, "alias") || "image";
    const original = at(image, "manifestTargets", "kustomize", "name");
    const target =
      at(ref, "writeBackConfig", "gitConfig", "writeBackTarget") ||
      at(spec, "writeBackConfig", "gitConfig", "writeBackTarget");
    const annotations = {
      ...settingsOf(spec),
      ...settingsOf(ref),
      ...settingsOf(image),
      ...(original === "" ? {} : { [`${alias}.kustomize.image-name`]: original }),
      "write-back-target": target,
    };
    return { ...of, annotations, entry: `${alias}=${textAt(image, "imageName")}` };
  });
}

/** What an image says comes before what its Application does, and that before what holds for all. */
function settingsOf(level: Cursor | null): Readonly<Record<string, string>> {
  const settings = level === null ? null : childOf(level, "commonUpdateSettings");
  const given = {
    "update-strategy": at(settings, "updateStrategy"),
    "allow-tags": at(settings, "allowTags"),
    "ignore-tags": listAt(settings, "ignoreTags").map(textOf).join(","),
    platforms: listAt(settings, "platforms").map(textOf).join(","),
  };
  return Object.fromEntries(Object.entries(given).filter(([, text]) => text !== ""));
}

/** A pattern of the name, with `*` and `?`, and labels; what a template will fill in may be anything. */
function isMeant(ref: Cursor, application: Cursor): boolean {
  const isSet = textAt(application, "kind") === "ApplicationSet";
  const metadata = descend(application, [...(isSet ? ["spec", "template"] : []), "metadata"]);
  const name = at(metadata, "name").replaceAll(/\{\{.*?\}\}/g, "x");
  const pattern = textAt(ref, "namePattern");
  const selector = descend(ref, ["labelSelectors", "matchLabels"]);
  const labels = selector === null ? [] : ownEntries(selector);
  return (
    matches(name, pattern) && labels.every(([key, value]) => at(metadata, "labels", key) === textOf(value))
  );
}

/** In time that grows with the product of the lengths, whatever the pattern. */
function matches(name: string, pattern: string): boolean {
  let reached = new Set([0]);
  for (const sign of pattern) {
    const from = Math.min(...reached);
    const next = [...reached].filter((end) => sign === "?" || name[end] === sign).map((end) => end + 1);
    const rest = Array.from({ length: name.length - from + 1 }, (_, index) => from + index);
    reached = new Set((sign === "*" ? rest : next).filter((end) => end <= name.length));
    if (reached.size === 0) return false;
  }
  return reached.has(name.length);
}

function listAt(map: Cursor | null, key: string): readonly Cursor[] {
  const list = map === null ? null : childOf(map, key);
  return list === null ? [] : itemsOf(list);
}

function at(map: Cursor | null, ...path: readonly string[]): string {
  return map === null ? "" : (textOf(descend(map, path)) ?? "");
}
