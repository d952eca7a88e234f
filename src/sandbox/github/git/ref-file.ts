/** Refs as the files that Git keeps them in until it packs them: what needs no process to be read or moved. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Move {
  /** Full name. */
  readonly ref: string;
  /** Zeroes where there must be none yet. */
  readonly before: string;
  readonly after: string;
}

/** The id; null where there is no such ref; undefined where only Git can tell. */
export function readRefFile(directory: string, name: string): string | null | undefined {
  if (!isPlain(name)) return undefined;
  const sha = idIn(join(directory, name));
  return sha === null && existsSync(join(directory, "packed-refs")) ? undefined : sha;
}

/**
 * Moves or makes a ref under Git's own lock; the caller knows that `after` is a commit. False where it is not at `before`;
 * undefined where it is for Git to say.
 */
export function moveRefFile(directory: string, { ref, before, after }: Move): boolean | undefined {
  const path = join(directory, ref);
  const isMade = /^0+$/.test(before);
  const current = readRefFile(directory, ref);
  if (current === undefined || (isMade ? !isFree(directory, ref) : current === null)) return undefined;
  if (isMade) mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(`${path}.lock`, `${after}\n`, { flag: "wx" });
  } catch {
    return undefined; // somebody else is at it
  }
  const isThere = idIn(path) === (isMade ? null : before);
  if (isThere) renameSync(`${path}.lock`, path);
  else rmSync(`${path}.lock`);
  return isThere;
}

/** Whether a branch of this plain name can be made: nothing has the name, and none of the folders of its path is a ref. */
function isFree(directory: string, ref: string): boolean {
  if (!/^refs\/heads(?:\/[a-zA-Z0-9_][a-zA-Z0-9_-]*)+$/.test(ref)) return false;
  for (let path = join(directory, ref); ; path = dirname(path)) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined) return found.isDirectory() && path !== join(directory, ref);
  }
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
