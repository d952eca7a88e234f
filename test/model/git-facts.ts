/** Facts of a bare repository, asked of Git itself. */

import type { Git } from "../../src/sandbox/github/git/git.ts";

/** Commits never change: what was asked once about them is kept. */
export class GitFacts {
  readonly #git: Git;
  readonly #files = new Map<string, Promise<ReadonlyMap<string, string>>>();
  readonly #merges = new Map<string, Promise<string>>();
  readonly #histories = new Map<string, Promise<ReadonlySet<string>>>();

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

  /** Whether merging one commit into the other leaves conflicts. */
  async conflict(one: string, other: string): Promise<boolean> {
    return /^CONFLICT /m.test(await this.#merge(one, other));
  }

  /** The tree of a clean merge. */
  async mergedTree(one: string, other: string): Promise<string> {
    return (await this.#merge(one, other)).split("\n")[0] ?? "";
  }

  async treeOf(commit: string): Promise<string> {
    return (await this.#git.commit(commit)).tree;
  }

  /** Commits of the head that the base has not. */
  async ahead(base: string, head: string): Promise<readonly string[]> {
    const below = await this.#history(base);
    return [...(await this.#history(head))].filter((commit) => !below.has(commit));
  }

  async parentsOf(commit: string): Promise<readonly string[]> {
    return (await this.#git.commit(commit)).parents;
  }

  async authorOf(commit: string): Promise<string> {
    return (await this.#git.commit(commit)).author.email;
  }

  /** A commit and everything before it. */
  #history(commit: string): Promise<ReadonlySet<string>> {
    const known = this.#histories.get(commit) ?? this.#walk(commit);
    this.#histories.set(commit, known);
    return known;
  }

  async #walk(commit: string): Promise<ReadonlySet<string>> {
    const before = await Promise.all((await this.parentsOf(commit)).map((parent) => this.#history(parent)));
    return new Set([commit, ...before.flatMap((commits) => [...commits])]);
  }

  /** What `git merge-tree` says: the tree, and where it left conflicts. */
  #merge(one: string, other: string): Promise<string> {
    const pair = [one, other].toSorted();
    const key = pair.join(" ");
    const args = ["merge-tree", "--write-tree", "--messages", ...pair];
    const known = this.#merges.get(key) ?? this.#git.run(args, undefined, [1]).then(String);
    this.#merges.set(key, known);
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
