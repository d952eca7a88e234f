/** Which files the rendering of an app's folder reads: a change of any of them may change what runs. */

import { posix } from "node:path";
import { type Cursor, descend, textAt } from "./cursor.ts";
import { kustomizationNames } from "./kustomize-tree.ts";
import {
  type ReadText,
  cursorsAt,
  fileFields,
  objectFields,
  pathsFrom,
  pluginFields,
  pluginFileFields,
  readTops,
  readTopsOf,
  textsAt,
} from "./named-paths.ts";
import { type Files, rememberedFor } from "./repository-objects.ts";

/** What is rendered of a folder: a kustomization comes before a chart, and both before plain manifests. */
export type FolderTool = "kustomize" | "helm" | "plain";

export interface AppInputs {
  /** Paths from the top of the repository, also of files that are named and not there: to add one changes the rendering. */
  readonly files: ReadonlySet<string>;
  /** Folders of which every file is an input, those that are still to come included. */
  readonly folders: ReadonlySet<string>;
  /** Those of the files that name others. The inputs stay as long as they do, and no file comes that is an input already. */
  readonly naming: ReadonlySet<string>;
}

/**
 * Every file that the rendering of a folder reads, out of the files of one commit. `values` are the files of values that the
 * app's entry names besides, from its folder. Where a file that names others cannot be read, all of its folder is an input.
 */
export function inputsOf(path: string, files: Files, values: readonly string[] = []): ReadonlySet<string> {
  return readInputs(path, files, values).files;
}

/** As `inputsOf`, with what names them. */
export function readInputs(path: string, files: Files, values: readonly string[] = []): AppInputs {
  const search = new Search(files);
  const tool = toolOf(path, files);
  if (tool === "plain") search.add(plainFiles(path, files));
  if (tool !== "kustomize") search.add(toolFiles.map((name) => posix.join(path, name)));
  if (tool === "helm") search.chart(path);
  if (tool === "kustomize") search.kustomization(path);
  search.add(values.flatMap((text) => pathsFrom(path, text)));
  search.finish();
  return search;
}

const toolFiles = [...kustomizationNames, "Chart.yaml"];

export function toolOf(folder: string, files: Files): FolderTool {
  if (kustomizationNames.some((name) => files.has(posix.join(folder, name)))) return "kustomize";
  return files.has(posix.join(folder, "Chart.yaml")) ? "helm" : "plain";
}

/** The manifests of a folder and those below it, without what is in a folder whose name begins with a dot, in order. */
export function plainFiles(folder: string, files: Files): readonly string[] {
  const start = folder === "." ? 0 : folder.length + 1;
  return filesBelow(folder, files).filter(
    (file) =>
      /\.(?:ya?ml|json)$/i.test(file) &&
      !file
        .slice(start)
        .split("/")
        .some((part) => part.startsWith(".")),
  );
}

const sorted = rememberedFor((files: ReadonlyMap<string, unknown>): readonly string[] =>
  [...files.keys()].toSorted((a, b) => (a < b ? -1 : 1)),
);

/** Every file of a folder and those below it, in the order of their paths. */
export function filesBelow(folder: string, files: ReadonlyMap<string, unknown>): readonly string[] {
  const paths = sorted(files);
  if (folder === ".") return paths;
  const prefix = `${folder}/`;
  const first = firstFrom(paths, prefix);
  let end = first;
  while (paths[end]?.startsWith(prefix) === true) end += 1;
  return paths.slice(first, end);
}

function firstFrom(paths: readonly string[], least: string): number {
  let [low, high] = [0, paths.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paths[middle] ?? "") < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

const readFiles = rememberedFor((): Map<string, ReadText> => new Map());

/** Follows what names what, each folder once, with a list of its own: chains may be long. */
class Search implements AppInputs {
  readonly files = new Set<string>();
  readonly folders = new Set<string>();
  readonly naming = new Set<string>();
  readonly #all: Files;
  readonly #seen = new Set<string>();
  readonly #waiting: (() => void)[] = [];

  constructor(all: Files) {
    this.#all = all;
  }

  add(paths: readonly string[]): void {
    for (const path of paths) this.files.add(path);
  }

  finish(): void {
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) next();
  }

  kustomization(folder: string, plugins: readonly string[] = []): void {
    this.#once(`kustomization ${plugins.join(":")} ${folder}`, () =>
      this.#readKustomization(folder, plugins),
    );
  }

  chart(folder: string): void {
    this.#once(`chart ${folder}`, () => this.#readChart(folder));
  }

  #once(key: string, read: () => void): void {
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#waiting.push(read);
  }

  /** `plugins` are the folders from which plugins that are built here take their paths. */
  #readKustomization(folder: string, plugins: readonly string[]): void {
    for (const name of kustomizationNames) {
      const file = posix.join(folder, name);
      this.files.add(file);
      if (!this.#all.has(file)) continue;
      const { tops, whole } = this.#read(file);
      if (!whole) this.#addFolder(folder);
      for (const top of tops) this.#follow(top, folder, plugins);
    }
  }

  #follow(top: Cursor, folder: string, plugins: readonly string[]): void {
    this.add(textsAt(top, fileFields).flatMap((text) => pathsFrom(folder, text)));
    for (const text of textsAt(top, objectFields)) this.#builtFrom(text, folder, plugins);
    for (const text of textsAt(top, pluginFields)) {
      if (text.includes("\n")) this.#plugin(readTopsOf(text), [folder]);
      else this.#builtFrom(text, folder, [folder, ...plugins]);
    }
    const home = textAt(descend(top, ["helmGlobals"]) ?? top, "chartHome") || "charts";
    for (const chart of cursorsAt(top, ["helmCharts", "*"])) this.#inflated(chart, home, folder);
    for (const chart of cursorsAt(top, ["helmChartInflationGenerator", "*"]))
      this.#inflated(chart, home, folder);
  }

  /** A file, or a folder with a kustomization of its own. */
  #builtFrom(text: string, folder: string, plugins: readonly string[]): void {
    for (const path of pathsFrom(folder, text)) {
      this.files.add(path);
      if (!this.#all.has(path)) this.kustomization(path, plugins);
      else if (plugins.length > 0) this.#plugin(this.#read(path), plugins);
    }
  }

  #plugin({ tops }: ReadText, folders: readonly string[]): void {
    for (const top of tops) {
      for (const folder of folders) {
        this.add(textsAt(top, pluginFileFields).flatMap((text) => pathsFrom(folder, text)));
        if (textAt(top, "kind").includes("Chart")) this.#inflated(top, "charts", folder);
      }
    }
  }

  /** Charts stand in the folder for charts, those of a version in one of their own there. */
  #inflated(chart: Cursor, home: string, folder: string): void {
    const name = textAt(chart, "name") || textAt(chart, "chartName");
    const own = textAt(chart, "chartHome") || home;
    for (const path of pathsFrom(folder, posix.join(own, name))) this.chart(path);
    const version = textAt(chart, "version");
    for (const path of version === "" ? [] : pathsFrom(folder, posix.join(own, `${name}-${version}`, name)))
      this.chart(path);
  }

  #readChart(folder: string): void {
    this.#addFolder(folder);
    for (const name of ["Chart.yaml", "requirements.yaml"]) {
      const file = posix.join(folder, name);
      this.files.add(file);
      if (!this.#all.has(file)) continue;
      for (const top of this.#read(file).tops) for (const path of localCharts(top, folder)) this.chart(path);
    }
  }

  #addFolder(folder: string): void {
    this.folders.add(folder);
    this.add(filesBelow(folder, this.#all));
  }

  #read(file: string): ReadText {
    this.naming.add(file);
    const known = readFiles(this.#all);
    const read = known.get(file) ?? readTops(this.#all.get(file));
    known.set(file, read);
    return read;
  }
}

/** https://helm.sh/docs/helm/helm_dependency/ */
function localCharts(top: Cursor, folder: string): readonly string[] {
  return textsAt(top, ["dependencies.*.repository"]).flatMap((text) =>
    text.startsWith("file://") ? pathsFrom(folder, text.slice("file://".length)) : [],
  );
}
