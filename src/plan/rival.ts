/** Pull requests of other bots that move the same images as a unit of ours. */

import type { FileChange, PullRequest } from "../model/pull.ts";
import type { Unit } from "./unit.ts";

/** A pull request that another bot has open, with the files that it changes. */
export interface Rival {
  readonly pull: Pick<PullRequest, "number" | "author">;
  readonly files: readonly FileChange[];
}

/**
 * Whether a pull request is a bot's that updates images: told by its account, or by the names that Renovate, Dependabot and
 * the guides of Flux give to branches, as such bots also run under the accounts of people.
 */
export function isBots({ author, headBranch }: PullRequest): boolean {
  return author.bot || /^(?:renovate|dependabot|flux|image-updater)[/-]/.test(headBranch);
}

/**
 * The first rival that changes a line on which an image of the unit stands: by the text of the line, as its number differs
 * where the rival's base is an older one. `lineAt` gives the text of a 1-based line of a file of the default branch.
 */
export function rivalOf(
  unit: Unit,
  rivals: readonly Rival[],
  lineAt: (file: string, line: number) => string | undefined,
): Rival | undefined {
  const lines = unit.bumps.map(({ occurrence: { file, line } }) => ({
    file,
    text: lineAt(file, line)?.trim(),
  }));
  return rivals.find(({ files }) =>
    files.some(({ path, patch }) => {
      const removed = removedLines(patch ?? "");
      return lines.some(({ file, text }) => file === path && text !== undefined && removed.has(text));
    }),
  );
}

function removedLines(patch: string): ReadonlySet<string> {
  const lines = patch.split("\n").filter((line) => line.startsWith("-"));
  return new Set(lines.map((line) => line.slice(1).trim()));
}
