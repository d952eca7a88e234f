/** The annotations of Argo CD Image Updater on an Application. */

import { descend, ownEntries, textAt, textOf, type Cursor } from "./cursor.ts";

/** In front of each. */
export const updaterPrefix = "argocd-image-updater.argoproj.io/";

/** Without their prefix; of an Application or of the template of an ApplicationSet. */
export function updaterAnnotations(object: Cursor): Readonly<Record<string, string>> {
  const isSet = textAt(object, "kind") === "ApplicationSet";
  const found = descend(object, [...(isSet ? ["spec", "template"] : []), "metadata", "annotations"]);
  const entries = found === null ? [] : ownEntries(found);
  return Object.fromEntries(
    entries
      .filter(([key]) => key.startsWith(updaterPrefix))
      .map(([key, value]) => [key.slice(updaterPrefix.length), (textOf(value) ?? "").trim()]),
  );
}

/** Helm parameters that hold an image because the annotations say so, whatever they are called. */
export interface UpdatedParameters {
  /** Those of whole references. */
  readonly references: ReadonlySet<string>;
  /** By that of the tag the one of the name. */
  readonly names: ReadonlyMap<string, string>;
}

/** https://argocd-image-updater.readthedocs.io/en/stable/configuration/images/#specifying-helm-parameter-names */
export function updatedParameters(object: Cursor): UpdatedParameters {
  const annotations = updaterAnnotations(object);
  const references = new Set<string>();
  const names = new Map<string, string>();
  for (const [key, value] of Object.entries(annotations)) {
    const alias = /^(.+)\.helm\.image-(?:spec|tag)$/.exec(key)?.[1];
    if (alias === undefined || value === "") continue;
    if (key.endsWith("-spec")) references.add(value);
    else names.set(value, annotations[`${alias}.helm.image-name`] ?? "");
  }
  return { references, names };
}
