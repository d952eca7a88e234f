/** Which repository of GitHub is meant, and what a file of it is. */

/**
 * A repository and the installation through which we may act on it. `id` is what identifies it: owner and name change
 * when it is renamed or transferred.
 */
export interface RepositoryRef {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly installation: number;
}

/** `owner/name`, as people write it. */
export function fullName(repository: RepositoryRef): string {
  return `${repository.owner}/${repository.name}`;
}

/** A branch and the commit at its tip. */
export interface Tip {
  readonly branch: string;
  readonly sha: string;
  /** Archived or disabled: nothing can be written. */
  readonly frozen: boolean;
}

/** The default branch. */
export interface Head extends Tip {
  /** Id of the tree of the commit. */
  readonly tree: string;
  /** The account that has the repository now. */
  readonly owner: string;
  /** GitHub's address for people, without a slash at its end. */
  readonly webUrl: string;
}

/**
 * The regular files of one commit by path (forward slashes, no leading slash). Symbolic links, submodules and files over
 * the size limit are not in `files`: they stand in `skipped` with the reason, so that whoever needs one can refuse by name.
 */
export interface Snapshot {
  readonly sha: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly skipped: ReadonlyMap<string, string>;
}

/** What a commit holds at one path: `100644`, `100755`, `120000` (symbolic link) or `160000` (submodule), and the blob. */
export interface TreeEntry {
  readonly mode: string;
  readonly sha: string;
}
