/** Which files and folders a kustomization, one of its plugins or a chart names, by the fields that hold paths. */

import { posix } from "node:path";
import { type Cursor, childOf, itemsOf, textOf, topOf } from "./cursor.ts";
import { type SourceFile, decodeText, parseSource } from "./source-file.ts";

/** Fields by their keys, `*` for each item of a list. */
type Fields = readonly string[];

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
export const objectFields: Fields = ["resources.*", "bases.*", "components.*"];
/** What they name are files of plugins, or folders that have some built. */
export const pluginFields: Fields = ["generators.*", "transformers.*", "validators.*"];

const generated = ["files.*", "envs.*", "env"];

export const fileFields: Fields = [
  "crds.*",
  "configurations.*",
  "openapi.path",
  "patches.*.path",
  "patchesStrategicMerge.*",
  "patchesJson6902.*.path",
  "replacements.*.path",
  ...generated.map((field) => `configMapGenerator.*.${field}`),
  ...generated.map((field) => `secretGenerator.*.${field}`),
  "helmCharts.*.valuesFile",
  "helmCharts.*.additionalValuesFiles.*",
  "helmChartInflationGenerator.*.values",
];

/** Of the plugins that kustomize has itself. https://github.com/kubernetes-sigs/kustomize/tree/master/api/internal/builtins */
export const pluginFileFields: Fields = [
  "path",
  "paths.*",
  "replacements.*.path",
  ...generated,
  "valuesFile",
  "additionalValuesFiles.*",
  "values",
];

/** Larger ones are written by nobody, and parsing them takes long. */
const mostBytes = 512 * 1024;

/** A file as what it says, document by document. `whole` is false where some of it cannot be read. */
export interface ReadText {
  readonly tops: readonly Cursor[];
  readonly whole: boolean;
}

/** `bytes` are undefined for a file that is not there, or not kept: nothing of it can be read. */
export function readTops(bytes: Uint8Array | undefined): ReadText {
  const text = bytes === undefined || bytes.length > mostBytes ? null : decodeText(bytes);
  return readTopsOf(text);
}

export function readTopsOf(text: string | null): ReadText {
  const source = text === null ? null : parseSource(text);
  if (source?.ok !== true) return { tops: [], whole: false };
  const documents: SourceFile["documents"] = source.value.documents;
  return {
    tops: documents.flatMap((document) => topOf(document) ?? []),
    whole: documents.every(({ errors }) => errors.length === 0),
  };
}

/** The texts at the fields, in order. */
export function textsAt(top: Cursor, fields: Fields): readonly string[] {
  return fields.flatMap((field) =>
    cursorsAt(top, field.split(".")).flatMap((cursor) => textOf(cursor) ?? []),
  );
}

export function cursorsAt(top: Cursor, keys: readonly string[]): readonly Cursor[] {
  const [key, ...rest] = keys;
  if (key === undefined) return [top];
  const next = key === "*" ? itemsOf(top) : [childOf(top, key)];
  return next.flatMap((cursor) => (cursor === null ? [] : cursorsAt(cursor, rest)));
}

/**
 * The path that a text names from a folder, `key=path` as generators write it included; none for what is no path, is absolute
 * or leaves the repository.
 */
export function pathsFrom(folder: string, text: string): readonly string[] {
  const named = [text, text.slice(text.indexOf("=") + 1)];
  return [...new Set(named)].flatMap((one) => {
    if (one === "" || one.startsWith("/") || one.includes("\n")) return [];
    const path = posix.join(folder, one).replace(/(?<=.)\/$/, "");
    return path === ".." || path.startsWith("../") ? [] : [path];
  });
}
