/** Refs as the files that Git keeps them in until it packs them: what needs no process to be read or moved. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The id; null where there is no such ref; undefined where only Git can tell. */
export function readRefFile(directory: string, name: string): string | null | undefined {
  if (!isPlain(name)) return undefined;
  const sha = idIn(join(directory, name));
  return sha === null && existsSync(join(directory, "packed-refs")) ? undefined : sha;
}

/**
 * Moves a ref that has a file, under Git's own lock; the caller knows that `after` is a commit. False where it is not at
 * `before`; undefined where it is for Git to say.
 */
export function moveRefFile(
  directory: string,
  { ref, before, after }: { readonly ref: string; readonly before: string; readonly after: string },
): boolean | undefined {
  const path = join(directory, ref);
  if (!isPlain(ref) || typeof idIn(path) !== "string") return undefined;
  try {
    writeFileSync(`${path}.lock`, `${after}\n`, { flag: "wx" });
  } catch {
    return undefined; // somebody else is at it
  }
  const isThere = idIn(path) === before;
  if (isThere) renameSync(`${path}.lock`, path);
  else rmSync(`${path}.lock`);
  return isThere;
}

/** Points a ref that only the sandbox moves at a commit. */
export function setRefFile(directory: string, name: string, sha: string): void {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.lock`, `${sha}\n`);
  renameSync(`${path}.lock`, path);
}

function isPlain(name: string): boolean {
  return /^refs\/(?!.*(?:\.lock|\/|\.)(?:\/|$))/.test(name);
}

/** Null where there is no file; undefined where it holds no id. */
function idIn(path: string): string | null | undefined {
  let text: string;
  try {
    text = readFileSync(path, "latin1");
  } catch {
    return null; // a folder of refs, or nothing at all
  }
  return /^[0-9a-f]{40}\n$/.test(text) ? text.slice(0, 40) : undefined;
}
