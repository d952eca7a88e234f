/** The files of a folder of this machine, read as a commit's files would be. */

import { type Dirent, readFileSync, readdirSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { inertLine } from "../text/inert.ts";
import { manifestLimits, overBytes } from "../text/yaml-gate.ts";
import { UsageError } from "./usage-error.ts";

/** What no manifest lies in. */
const passedOver = new Set([".git", "node_modules"]);

export interface LocalFiles {
  /** By path below the folder, with forward slashes, in order. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What is wanted but not read, with the reason: files, symbolic links, folders that cannot be listed. */
  readonly skipped: ReadonlyMap<string, string>;
}

interface Reading {
  readonly root: string;
  readonly isWanted: (path: string) => boolean;
  readonly files: Map<string, Uint8Array>;
  readonly skipped: Map<string, string>;
}

/**
 * Reads the wanted files below a folder. Symbolic links are not followed: a wanted one is skipped, and one to a folder is
 * if that lies elsewhere. A folder that is none is a `UsageError`. Waits for each file, as handing thousands of small ones
 * to other threads takes several times as long.
 */
export function readLocalFiles(folder: string, isWanted: (path: string) => boolean): LocalFiles {
  if (attempt(() => statSync(folder))?.isDirectory() !== true)
    throw new UsageError(`${folder} is not a folder that can be read`);
  const reading: Reading = { root: realpathSync(folder), isWanted, files: new Map(), skipped: new Map() };
  readFolder(reading, "");
  const { files, skipped } = reading;
  return { files, skipped };
}

function readFolder(reading: Reading, below: string): void {
  const entries = attempt(() => readdirSync(join(reading.root, below), { withFileTypes: true }));
  if (entries === null) reading.skipped.set(below === "" ? "." : below, "a folder that cannot be read");
  for (const entry of entries?.toSorted(byName) ?? []) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && !passedOver.has(entry.name)) readFolder(reading, path);
    else if (entry.isFile() && reading.isWanted(path)) readOne(reading, path);
    else if (entry.isSymbolicLink()) passLink(reading, path);
  }
}

function readOne({ root, files, skipped }: Reading, path: string): void {
  const full = join(root, path);
  const size = attempt(() => statSync(full))?.size ?? 0;
  const bytes = size > manifestLimits.bytes ? null : attempt(() => readFileSync(full));
  if (bytes !== null) files.set(path, bytes);
  else skipped.set(path, size > manifestLimits.bytes ? overBytes(manifestLimits) : "cannot be read");
}

/** What a link leads to within the folder is read in its own place. */
function passLink({ root, isWanted, skipped }: Reading, path: string): void {
  const full = join(root, path);
  const target = attempt(() => realpathSync(full));
  const isFolder = target !== null && attempt(() => statSync(target))?.isDirectory() === true;
  const isInside = target === root || target?.startsWith(root + sep) === true;
  if (isFolder ? isInside : !isWanted(path)) return;
  const written = inertLine(attempt(() => readlinkSync(full)) ?? "");
  if (target === null) skipped.set(path, `a broken symbolic link to ${written}`);
  else skipped.set(path, `a symbolic link${isInside ? "" : " out of the folder"} to ${written}`);
}

/** Null where the system says no. */
function attempt<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null;
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}
