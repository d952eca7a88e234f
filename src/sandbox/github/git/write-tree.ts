/** Makes trees out of changed paths on top of a base. */

import type { TreeEntry } from "./object-text.ts";
import type { Git } from "./git.ts";

/** A path that gets an entry, or loses it where `sha` is null. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
}

/** The id of the tree; directories that become empty vanish, as Git knows no empty ones. */
export async function writeTree(
  git: Git,
  base: string | null,
  changes: readonly TreeChange[],
): Promise<string> {
  return (await writeLevel(git, base, changes)) ?? (await git.write("tree", ""));
}

async function writeLevel(
  git: Git,
  base: string | null,
  changes: readonly TreeChange[],
): Promise<string | undefined> {
  const entries = new Map<string, TreeEntry>();
  for (const entry of base === null ? [] : ((await git.tree(base)) ?? [])) entries.set(entry.name, entry);
  const below = new Map<string, TreeChange[]>();
  for (const change of changes) {
    const slash = change.path.indexOf("/");
    if (slash < 0) {
      setEntry(entries, change);
      continue;
    }
    const name = change.path.slice(0, slash);
    below.set(name, [...(below.get(name) ?? []), { ...change, path: change.path.slice(slash + 1) }]);
  }
  for (const [name, inner] of below) {
    const old = entries.get(name);
    const sha = await writeLevel(git, old?.type === "tree" ? old.sha : null, inner);
    setEntry(entries, { path: name, mode: "040000", sha: sha ?? null });
  }
  return entries.size === 0 ? undefined : await git.write("tree", formatTree([...entries.values()]));
}

function setEntry(entries: Map<string, TreeEntry>, { path, mode, sha }: TreeChange): void {
  if (sha === null) {
    entries.delete(path);
    return;
  }
  const type = mode === "040000" ? "tree" : mode === "160000" ? "commit" : "blob";
  entries.set(path, { name: path, mode, type, sha });
}

/** Git sorts by bytes, a directory as if its name ended in a slash. */
function formatTree(entries: readonly TreeEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  return Buffer.concat(
    sorted.flatMap(({ mode, name, sha }) => [
      Buffer.from(`${mode.replace(/^0/, "")} ${name}\0`),
      Buffer.from(sha, "hex"),
    ]),
  );
}

function sortKey(entry: TreeEntry): Buffer {
  return Buffer.from(entry.type === "tree" ? `${entry.name}/` : entry.name);
}
