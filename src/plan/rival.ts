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
 * the guides of Flux give to branches, as such bots also run under the accounts of people. One from a fork is none, as
 * anybody can open that and would keep an image from being updated.
 */
export function isBots({ author, headBranch, headRepository }: PullRequest, repository: number): boolean {
  if (headRepository !== repository) return false;
  return author.bot || /^(?:renovate|dependabot|flux|image-updater)[/-]/.test(headBranch);
}

/**
 * The first rival that changes a line on which an image of the unit stands: by the text of the line and of those next to it,
 * as its number differs where the rival's base is an older one, and as `newTag: 1.0.0` may stand in a file for several
 * images. `lineAt` gives the text of a 1-based line of a file of the default branch.
 */
export function rivalOf(
  unit: Unit,
  rivals: readonly Rival[],
  lineAt: (file: string, line: number) => string | undefined,
): Rival | undefined {
  const places = unit.bumps.map(({ occurrence: { file, line } }) => ({
    file,
    text: around((at) => lineAt(file, line + at)),
  }));
  return rivals.find(({ files }) =>
    files.some(({ path, patch }) => {
      const removed = removedLines(patch ?? "");
      return places.some(({ file, text }) => file === path && removed.has(text));
    }),
  );
}

/** Each line that a patch takes away, with those that stood next to it. */
function removedLines(patch: string): ReadonlySet<string> {
  const hunks = patch.split(/^@@.*$/m).map((hunk) => hunk.split("\n").filter((line) => /^[ -]/.test(line)));
  return new Set(
    hunks.flatMap((old) =>
      old.flatMap((line, index) => (line.startsWith("-") ? around((at) => old[index + at]?.slice(1)) : [])),
    ),
  );
}

/** A line with the one before and the one after it, as far as there are such, without the spaces round them. */
function around(line: (offset: number) => string | undefined): string {
  return [-1, 0, 1].map((offset) => line(offset)?.trim() ?? "").join("\n");
}
