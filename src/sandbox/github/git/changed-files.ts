/** What differs between two trees, file by file, with renames, counts and patches. */

import type { Git } from "./git.ts";

export interface ChangedFile {
  readonly filename: string;
  readonly previousFilename?: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed";
  /** Blob after the change; before it where the file was removed. */
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** From the first hunk on; none for binary, unchanged or very large files. */
  readonly patch?: string;
}

const longestPatch = 1024 * 1024;
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const known = new WeakMap<Git, Map<string, Promise<readonly ChangedFile[]>>>();

/**
 * In order of path. `from` null compares with nothing, as for a first commit. What lies between two ids never changes, so it
 * is kept.
 */
export function changedFiles(git: Git, from: string | null, to: string): Promise<readonly ChangedFile[]> {
  const ofGit = known.get(git) ?? new Map<string, Promise<readonly ChangedFile[]>>();
  known.set(git, ofGit);
  const key = `${from} ${to}`;
  const found = ofGit.get(key) ?? compareTrees(git, from ?? emptyTree, to);
  ofGit.set(key, found);
  return found;
}

async function compareTrees(git: Git, from: string, to: string): Promise<ChangedFile[]> {
  if (from === emptyTree) await git.write("tree", "");
  const forms = ["-z", "--raw", "--numstat", "-p", "--no-color"];
  const told = await git.run(["diff-tree", "-r", "-M", "--full-index", ...forms, from, to]);
  // Two zeroes end the listing: no field of it is empty but for the one that stands before the two paths of a rename.
  const [, listing = "", patches = ""] = /^(.*?)(?:\0\0(diff --git .*))?$/s.exec(told.toString("utf8")) ?? [];
  const texts = patches.split(/^(?=diff --git )/m);
  return parseListing(listing).map((file, index) => {
    const patch = patchOf(texts[index] ?? "");
    return patch === undefined ? file : { ...file, patch };
  });
}

function patchOf(text: string): string | undefined {
  const start = text.search(/^@@ /m);
  if (start < 0 || text.length > longestPatch) return undefined;
  return text.slice(start).replace(/\n$/, "");
}

const words: Readonly<Record<string, ChangedFile["status"]>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  C: "copied",
  T: "changed",
};

/** Raw entries first, then one numstat entry for each in the same order; a rename has two paths in both. */
function parseListing(listing: string): ChangedFile[] {
  const fields = listing.split("\0");
  const files: Omit<ChangedFile, "additions" | "deletions">[] = [];
  let at = 0;
  for (; fields[at]?.startsWith(":"); at += 1) {
    const [, , before = "", after = "", letter = ""] = (fields[at] ?? "").split(" ");
    const status = words[letter.charAt(0)] ?? "changed";
    const first = fields[(at += 1)] ?? "";
    const moved = status === "renamed" || status === "copied";
    files.push({
      filename: moved ? (fields[(at += 1)] ?? "") : first,
      ...(moved && { previousFilename: first }),
      status,
      sha: status === "removed" ? before : after,
    });
  }
  return files.map((file) => {
    const [added = "0", deleted = "0", path = ""] = (fields[at] ?? "").split("\t");
    at += path === "" ? 3 : 1;
    return { ...file, additions: Number(added) || 0, deletions: Number(deleted) || 0 };
  });
}
