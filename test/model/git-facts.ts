/** Facts of a bare repository, asked of Git itself. */

import type { Git } from "../../src/sandbox/github/git/git.ts";

/** Commits never change: what was asked once about them is kept. */
export class GitFacts {
  readonly #git: Git;
  readonly #files = new Map<string, Promise<ReadonlyMap<string, string>>>();
  readonly #answers = new Map<string, Promise<string>>();

  constructor(git: Git) {
    this.#git = git;
  }

  /** Files of a commit as text, by path. */
  files(commit: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#files.get(commit) ?? this.#read(commit, "").then((files) => new Map(files));
    this.#files.set(commit, known);
    return known;
  }

  async tip(branch: string): Promise<string | undefined> {
    return this.#git.ref(`refs/heads/${branch}`);
  }

  /** Whether merging one commit into the other leaves conflicts: `git merge-tree` ends with 1 then. */
  async conflict(one: string, other: string): Promise<boolean> {
    const [a = "", b = ""] = [one, other].toSorted();
    const told = await this.#once(["merge-tree", "--write-tree", "--messages", a, b]);
    return /^CONFLICT /m.test(told);
  }

  /** The tree of a clean merge. */
  async mergedTree(one: string, other: string): Promise<string> {
    const told = await this.#once(["merge-tree", "--write-tree", one, other]);
    return told.split("\n")[0] ?? "";
  }

  async treeOf(commit: string): Promise<string> {
    return (await this.#git.commit(commit)).tree;
  }

  /** Commits of the head that the base has not, newest first. */
  async ahead(base: string, head: string): Promise<readonly string[]> {
    const told = await this.#once(["rev-list", "--topo-order", head, `^${base}`]);
    return told.split("\n").filter(Boolean);
  }

  async parentsOf(commit: string): Promise<readonly string[]> {
    return (await this.#git.commit(commit)).parents;
  }

  async authorOf(commit: string): Promise<string> {
    return (await this.#git.commit(commit)).author.email;
  }

  #once(args: readonly string[]): Promise<string> {
    const key = args.join(" ");
    const known = this.#answers.get(key) ?? this.#git.run(args, undefined, [1]).then(String);
    this.#answers.set(key, known);
    return known;
  }

  async #read(tree: string, folder: string): Promise<readonly (readonly [string, string])[]> {
    const entries = (await this.#git.tree(tree)) ?? [];
    const read = entries.map(async ({ name, sha, type }) => {
      const path = `${folder}${name}`;
      if (type === "tree") return this.#read(sha, `${path}/`);
      return [[path, String((await this.#git.object(sha))?.content)] as const];
    });
    return (await Promise.all(read)).flat();
  }
}
