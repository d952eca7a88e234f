/**
 * CODEOWNERS as GitHub reads it: who owns a file.
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */

import { type OwnersPattern, matchesPath, patternProblem, readPattern } from "./codeowners-pattern.ts";
import type { OwnedFile } from "./facts.ts";
import type { Approver } from "./rule.ts";

/** Where it may stand; the first one that is there counts, and the others mean nothing. */
export const codeownersPaths: readonly string[] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** GitHub does not load a larger one. */
export const maximumCodeownersBytes = 3 * 1024 * 1024;

/** One line that was understood. Without owners it takes away those of the lines above. */
interface Entry {
  readonly pattern: OwnersPattern;
  readonly owners: readonly Approver[];
  readonly addresses: readonly string[];
}

/** A line that is passed over, 1-based. */
export interface SkippedLine {
  readonly line: number;
  readonly message: string;
}

export interface Codeowners {
  readonly entries: readonly Entry[];
  readonly skipped: readonly SkippedLine[];
}

/** A line that is wrong in any part is passed over whole, as GitHub does, so that the lines above it decide. */
export function parseCodeowners(text: string): Codeowners {
  const entries: Entry[] = [];
  const skipped: SkippedLine[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const words = wordsOf(raw);
    const [pattern, ...names] = words;
    if (pattern === undefined) continue;
    const entry = readEntry(pattern, names);
    if (typeof entry === "string") skipped.push({ line: index + 1, message: entry });
    else entries.push(entry);
  }
  return { entries, skipped };
}

/** Of these paths those that have owners: the last line that matches decides, also when it names nobody. */
export function ownersOf({ entries }: Codeowners, paths: readonly string[]): readonly OwnedFile[] {
  return paths.flatMap((path) => {
    const found = entries.findLast(({ pattern }) => matchesPath(pattern, path));
    if (found === undefined || found.owners.length + found.addresses.length === 0) return [];
    return [{ path, owners: found.owners, addresses: found.addresses }];
  });
}

/** Blanks part words unless a backslash stands before them; `#` at the beginning of a word begins a comment. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:\\.|[^\s\\]|\\$)+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith("#"));
  return comment < 0 ? words : words.slice(0, comment);
}

function readEntry(pattern: string, names: readonly string[]): Entry | string {
  const problem = patternProblem(pattern);
  if (problem !== null) return problem;
  const owners: Approver[] = [];
  const addresses: string[] = [];
  for (const name of names) {
    const owner = readOwner(name);
    if (owner === null) return `"${name}" is no owner: write @USER, @ORGANISATION/TEAM or an e-mail address`;
    if (typeof owner === "string") addresses.push(owner);
    else owners.push(owner);
  }
  return { pattern: readPattern(pattern), owners, addresses };
}

const account = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})";
const user = new RegExp(`^@(${account})$`);
const team = new RegExp(`^@(${account}/[A-Za-z0-9_.-]{1,100})$`);
/** GitHub's own addresses name an account; of no other one we can tell whose it is. */
const noreply = new RegExp(`^(?:\\d+\\+)?(${account})@users\\.noreply\\.github\\.com$`, "i");
const address = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

function readOwner(name: string): Approver | string | null {
  const login = user.exec(name)?.[1] ?? noreply.exec(name)?.[1];
  if (login !== undefined) return { type: "user", login };
  const slug = team.exec(name)?.[1];
  if (slug !== undefined) return { type: "team", team: slug };
  return address.test(name) ? name : null;
}
