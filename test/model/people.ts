/** What people do to files and branches, over GitHub's API. */

import type { Run } from "./run.ts";

/** Puts files onto a branch as one commit; null takes one away. Answers the commit, which `force` puts onto another parent. */
export async function commitTo(
  { plot, git }: Run,
  branch: string,
  files: ReadonlyMap<string, string | null>,
  { message = "Change", onto }: { readonly message?: string; readonly onto?: string } = {},
): Promise<string> {
  const parent = onto ?? (await git.tip(branch)) ?? "";
  const tree = [...files].map(([path, content]) => ({
    path,
    mode: "100644",
    type: "blob",
    ...(content === null ? { sha: null } : { content }),
  }));
  const base_tree = await git.treeOf(parent);
  const made =
    tree.length === 0 ? { sha: base_tree } : await plot.ada("POST", "/git/trees", { base_tree, tree });
  const commit = await plot.ada("POST", "/git/commits", { message, tree: made.sha, parents: [parent] });
  await moveBranch({ plot }, branch, commit.sha);
  return commit.sha;
}

export async function moveBranch({ plot }: Pick<Run, "plot">, branch: string, sha: string): Promise<void> {
  await plot.ada("PATCH", `/git/refs/heads/${branch}`, { sha, force: true });
}

/** The tree of `git revert <commit>` on a branch; null where that conflicts or there is nothing to take back. */
export async function revertedTree({ plot, git }: Run, commit: string, onto: string): Promise<string | null> {
  const [parent = ""] = await git.parentsOf(commit);
  const scratch = async (of: string, parents: readonly string[]): Promise<string> => {
    const from = parents.flatMap((sha) => ["-p", sha]);
    const name = ["-c", "user.name=ada", "-c", "user.email=ada@localhost"];
    const made = await plot.git.run([...name, "commit-tree", await git.treeOf(of), ...from, "-m", "x"]);
    return String(made).trim();
  };
  const base = await scratch(commit, []);
  const [ours, theirs] = [await scratch(onto, [base]), await scratch(parent, [base])];
  if (await git.conflict(ours, theirs)) return null;
  const tree = await git.mergedTree(ours, theirs);
  return tree === (await git.treeOf(onto)) ? null : tree;
}
