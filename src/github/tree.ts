/** Every path of a commit with its mode and blob, from one listing. */

import type { Place } from "./place.ts";
import { Recent } from "./recent.ts";
import { Refusal } from "./translate.ts";

export interface TreeEntry {
  /** `100644`, `100755`, `120000` (symbolic link), `160000` (submodule); folders are left out. */
  readonly mode: string;
  readonly sha: string;
  readonly size: number;
}

export type Tree = ReadonlyMap<string, TreeEntry>;

/** Commits never change, so trees are kept; the weight is the number of paths. */
export type TreeMemory = Recent<Tree>;

export function treeMemory(): TreeMemory {
  return new Recent<Tree>(100_000);
}

/** Refuses (`incomplete`) a tree of which GitHub cut the listing: over 100,000 paths or 7 MB. */
export async function readTree(place: Place, memory: TreeMemory, commit: string): Promise<Tree> {
  const key = `${place.repositoryId} ${commit}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const { data } = await place.octokit.request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
    ...place.at,
    tree_sha: commit,
    recursive: "true",
  });
  if (data.truncated) throw new Refusal("incomplete", "the repository has more files than GitHub lists");
  const blobs = data.tree.filter((entry) => entry.type !== "tree");
  const tree = new Map(
    blobs.map(({ path, mode, sha, size }) => [path, { mode, sha, size: size ?? 0 }] as const),
  );
  memory.set(key, tree, tree.size);
  return tree;
}
