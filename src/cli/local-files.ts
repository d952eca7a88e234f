/** The files of a folder of this machine, read as a commit's files would be. */

import { type Dirent } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { yamlLimits } from "../text/yaml-gate.ts";
import { UsageError } from "./usage-error.ts";

/** What no manifest lies in. */
const passedOver = new Set([".git", "node_modules"]);

export interface LocalFiles {
  /** By path below the folder, with forward slashes, in order. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Files that are wanted but not read, with the reason. */
  readonly skipped: ReadonlyMap<string, string>;
}

/** Reads the wanted files below a folder; symbolic links are not followed. A folder that is none is a `UsageError`. */
export async function readLocalFiles(
  folder: string,
  isWanted: (path: string) => boolean,
): Promise<LocalFiles> {
  const kind = await stat(folder).catch(() => null);
  if (kind?.isDirectory() !== true) throw new UsageError(`${folder} is not a folder that can be read`);
  const files = new Map<string, Uint8Array>();
  const skipped = new Map<string, string>();
  for (const path of await pathsBelow(folder, "")) {
    if (!isWanted(path)) continue;
    const full = join(folder, path);
    const size = (await stat(full).catch(() => null))?.size;
    const bytes =
      size !== undefined && size <= yamlLimits.bytes ? await readFile(full).catch(() => null) : null;
    if (bytes !== null) files.set(path, bytes);
    else
      skipped.set(path, size === undefined || size <= yamlLimits.bytes ? "cannot be read" : "is over 1 MiB");
  }
  return { files, skipped };
}

async function pathsBelow(folder: string, below: string): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
  const paths: string[] = [];
  for (const entry of entries.toSorted(byName)) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isFile()) paths.push(path);
    else if (entry.isDirectory() && !passedOver.has(entry.name))
      paths.push(...(await pathsBelow(folder, path)));
  }
  return paths;
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}
