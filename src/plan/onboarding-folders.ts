/** From the files in which images stand to the folders that are apps, none of them within another. */

import { isKustomizationFile } from "../manifests/kustomize-tree.ts";
import { isAside, isDetail, isEnvironment, isShared, namesEnvironment } from "./folder-words.ts";

/** The names on the way to a folder; none of them for the repository itself. */
export type Folder = readonly string[];

export interface AppFolders {
  readonly apps: readonly Folder[];
  /** Bases, components and charts, which are none of their own. */
  readonly shared: readonly Folder[];
  /** By file: why an image in it is left out. */
  readonly left: ReadonlyMap<string, string>;
}

export const sharedReason = "in a folder that others build on";
const asideReason = "among tests, examples and settings of tools";
const oddReason = "in a folder whose name means something in patterns";
const besideReason = "beside the folders of apps, in none of them";

/** `files` are those with images, each with how many; `paths` all of the repository. */
export function appFolders(files: ReadonlyMap<string, number>, paths: Iterable<string>): AppFolders {
  const all = [...paths];
  const kustomized = new Set(all.filter(isKustomizationFile).map(dirname));
  const left = new Map<string, string>();
  const groups = { apps: new Map<string, string[]>(), shared: new Map<string, string[]>() };
  const tops = new Set(all.map((path) => path.slice(0, path.indexOf("/") + 1)));
  const withTests = ![...tops].some((top) => top !== "test/" && isEnvironment(top.slice(0, -1)));
  for (const file of files.keys()) {
    const folder = ownFolder(file, kustomized);
    const names = namesOf(folder);
    if (names.some(isAside) || (withTests && names[0] === "test")) left.set(file, asideReason);
    else if (/[{}*?[\]\\]/.test(folder)) left.set(file, oddReason);
    else {
      const group = names.some(isShared) ? groups.shared : groups.apps;
      group.set(folder, [...(group.get(folder) ?? []), file]);
    }
  }
  const [apps, shared] = [groups.apps, groups.shared].map((group) => {
    const imagesOf = (folder: string): number =>
      (group.get(folder) ?? []).reduce((sum, file) => sum + (files.get(file) ?? 0), 0);
    return lifted(antichain(group, { kustomized, imagesOf, left }));
  });
  return { apps: apps ?? [], shared: shared ?? [], left };
}

function dirname(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function namesOf(folder: string): Folder {
  return folder === "" ? [] : folder.split("/");
}

/** A folder that only sorts the files of the kustomization above it belongs to that. */
function ownFolder(file: string, kustomized: ReadonlySet<string>): string {
  let folder = dirname(file);
  while (!kustomized.has(folder) && kustomized.has(dirname(folder)) && isDetail(lastName(folder)))
    folder = dirname(folder);
  return folder;
}

function lastName(folder: string): string {
  return folder.slice(folder.lastIndexOf("/") + 1);
}

interface Nesting {
  readonly kustomized: ReadonlySet<string>;
  readonly imagesOf: (folder: string) => number;
  readonly left: Map<string, string>;
}

/**
 * Of folders within each other the outer one is the app where it is one kustomization, or holds most of the images itself.
 * Else the inner ones are, and the outer one's own files are left out.
 */
function antichain(group: ReadonlyMap<string, readonly string[]>, nesting: Nesting): readonly Folder[] {
  const below = new Map<string, number>();
  for (const folder of group.keys()) {
    for (const outer of ancestors(folder))
      below.set(outer, (below.get(outer) ?? 0) + nesting.imagesOf(folder));
  }
  const kept = new Set<string>();
  const byDepth = [...group.keys()].toSorted((a, b) => namesOf(a).length - namesOf(b).length);
  for (const folder of byDepth) {
    if (ancestors(folder).some((outer) => kept.has(outer))) continue;
    const inner = below.get(folder) ?? 0;
    const isOne = nesting.kustomized.has(folder) || (folder !== "" && nesting.imagesOf(folder) >= inner);
    if (inner === 0 || isOne) kept.add(folder);
    else for (const file of group.get(folder) ?? []) nesting.left.set(file, besideReason);
  }
  return [...kept].toSorted().map(namesOf);
}

/** The folders round a folder, the repository among them. */
function ancestors(folder: string): readonly string[] {
  const names = namesOf(folder);
  return names.map((_, index) => names.slice(0, index).join("/"));
}

/**
 * Where most folders of a folder are apps themselves, the few that hold apps one or more levels deeper are taken for one app
 * each, so that all have one form. Not where that would lose which environment they are.
 */
function lifted(folders: readonly Folder[]): readonly Folder[] {
  const children = new Map<string, { readonly direct: Set<string>; readonly deeper: Map<string, boolean> }>();
  for (const names of folders) {
    for (let depth = 1; depth < names.length; depth += 1) {
      const parent = names.slice(0, depth).join("/");
      const known = children.get(parent) ?? { direct: new Set(), deeper: new Map() };
      children.set(parent, known);
      const child = names.slice(0, depth + 1).join("/");
      if (depth + 1 === names.length) known.direct.add(child);
      else
        known.deeper.set(
          child,
          (known.deeper.get(child) ?? false) || names.slice(depth).some(namesEnvironment),
        );
    }
  }
  const tops = new Set(
    [...children.values()].flatMap(({ direct, deeper }) =>
      direct.size >= 2 && direct.size > deeper.size
        ? [...deeper].flatMap(([child, isEnvironmental]) => (isEnvironmental ? [] : child))
        : [],
    ),
  );
  const lift = (names: Folder): string => {
    const folder = names.join("/");
    return [...ancestors(folder), folder].find((outer) => tops.has(outer)) ?? folder;
  };
  return [...new Set(folders.map(lift))].map(namesOf);
}
