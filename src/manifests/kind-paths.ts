/** What the paths at which images stand are written as, for one kind of object. */

/**
 * What stands at a path decides how it is read: a scalar is a reference; a map is a pod spec, or has a repository and tag
 * of its own. Keys are joined by dots (`\.` is a dot within a key); `[]` stands for each item of a list, `*` for each key
 * of a map.
 */
export interface KindPaths {
  /** Empty for the core group; any version of it. */
  readonly group: string;
  readonly kinds: readonly string[];
  /** Instead of kinds: which files, as a path with `*`, `**` and `{name}`. */
  readonly files?: string;
  readonly paths: readonly string[];
  /** The image of which the scalars at the paths are tags. */
  readonly image?: string;
  /** Where the object may name another image than that; its tag and those at the paths move together. */
  readonly override?: string;
}
