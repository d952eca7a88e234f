/** Which paths differ between two trees, told from the trees alone: without renames, counts and patches. */

import type { Git } from "./git.ts";
import type { TreeEntry } from "./object-text.ts";

export interface ChangedPaths {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
}

/** `from` null compares with nothing. Both may be commits. */
export async function changedPaths(git: Git, from: string | null, to: string): Promise<ChangedPaths> {
  const found = { added: [] as string[], removed: [] as string[], modified: [] as string[] };
  const compare = async (before: string | null, after: string | null, folder: string): Promise<void> => {
    const [old, now] = [await entriesOf(git, before), await entriesOf(git, after)];
    for (const name of [...new Set([...old.keys(), ...now.keys()])].toSorted()) {
      const [one, other] = [old.get(name), now.get(name)];
      if (one?.sha === other?.sha && one?.mode === other?.mode) continue;
      const kind = kindOf(one, other);
      if (kind !== undefined) found[kind].push(`${folder}${name}`);
      await compare(treeOf(one), treeOf(other), `${folder}${name}/`);
    }
  };
  await compare(from, to, "");
  return found;
}

/** What became of a file; undefined where there is none of that name on either side. */
function kindOf(one: TreeEntry | undefined, other: TreeEntry | undefined): keyof ChangedPaths | undefined {
  if (isFile(one)) return isFile(other) ? "modified" : "removed";
  return isFile(other) ? "added" : undefined;
}

function isFile(entry: TreeEntry | undefined): boolean {
  return entry !== undefined && entry.type !== "tree";
}

function treeOf(entry: TreeEntry | undefined): string | null {
  return entry?.type === "tree" ? entry.sha : null;
}

async function entriesOf(git: Git, tree: string | null): Promise<ReadonlyMap<string, TreeEntry>> {
  const entries = tree === null ? [] : ((await git.tree(tree)) ?? []);
  return new Map(entries.map((entry) => [entry.name, entry]));
}
