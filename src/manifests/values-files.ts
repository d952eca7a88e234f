/** Files that the objects of a repository name as values of a chart, whatever the files are called. */

import { posix } from "node:path";
import { type Cursor, childOf, itemsOf, ownEntries, ownItems, textAt, textOf } from "./cursor.ts";
import { folderPath } from "./kustomize-tree.ts";
import { type Files, type PlacedObject, objectsWith, rememberedFor } from "./repository-objects.ts";

/** Of kustomize's `helmCharts` and generators, Argo CD's sources, Flux's charts and Fleet's bundles. */
const keys = /^(?:valuesFiles?|additionalValuesFiles|valueFiles)$/;

/** How the keys may be told without reading a file. */
const words = ["aluesFile", "valueFiles", "values.yaml="];

export const valuesFiles = rememberedFor((files: Files): ReadonlySet<string> => {
  const named = words.flatMap((word) => objectsWith(word, files).flatMap((placed) => pathsOf(placed)));
  return new Set(named.filter((path) => files.has(path)));
});

/** Which folder a name starts from depends on the tool: a file that is there is meant. */
function pathsOf({ file, object }: PlacedObject): readonly string[] {
  return namesUnder(object, []).flatMap(({ name, folders }) =>
    [posix.dirname(file), ".", ...folders].map((folder) => folderPath(posix.join(folder, name))),
  );
}

interface Named {
  readonly name: string;
  /** The `path` of each map around it: Argo CD starts from that of the source. */
  readonly folders: readonly string[];
}

function namesUnder(cursor: Cursor, around: readonly string[]): readonly Named[] {
  const own = textAt(cursor, "path");
  const folders = own === "" ? around : [...around, own];
  const named = ownEntries(cursor).flatMap(([key, value]) => {
    if (keys.test(key)) return textsOf(value);
    return key === "configMapGenerator" || key === "secretGenerator" ? generatedNames(value) : [];
  });
  const inner = [...ownEntries(cursor).map(([, value]) => value), ...ownItems(cursor)];
  return [
    ...named.map((name) => ({ name: name.replace(/^\$[^/]+\//, ""), folders })),
    ...inner.flatMap((child) => namesUnder(child, folders)),
  ];
}

function textsOf(value: Cursor): readonly string[] {
  return [textOf(value), ...itemsOf(value).map(textOf)].filter((text) => text !== null);
}

/** `values.yaml=server.yaml`: what Flux then takes values from. */
function generatedNames(generators: Cursor): readonly string[] {
  return itemsOf(generators)
    .flatMap((generator) => childOf(generator, "files") ?? [])
    .flatMap(textsOf)
    .flatMap((text) => /^values\.ya?ml=(.+)$/.exec(text)?.[1] ?? []);
}
