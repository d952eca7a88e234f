/** What a team can say of the tags of an image: the policy that orders them, and what narrows them before and after. */

/** Which way of two is later: `asc` the higher, `desc` the lower. */
export type Order = "asc" | "desc";

/**
 * How tags are ordered. `range` null: any newer version. `dialect` is the grammar of the range and the meaning of a tag:
 * `node` as node-semver reads ranges, with tags of the same suffix, precision and prefix; `masterminds` as Flux does, where
 * a tag has three parts and what stands behind `-` is a prerelease.
 */
export type Policy =
  | { readonly type: "semver"; readonly range: string | null; readonly dialect: "node" | "masterminds" }
  | { readonly type: "calver"; readonly format: string }
  | { readonly type: "numerical"; readonly order: Order }
  | { readonly type: "alphabetical"; readonly order: Order }
  | { readonly type: "digest" };

/** What can be judged of a tag by its name alone. */
export interface TagRule {
  readonly policy: Policy;
  /** RE2, unanchored as Flux has it; null: every tag. */
  readonly pattern: string | null;
  /** What the policy reads instead of the tag, made of the pattern's groups: `$1`, `${name}`; null: the tag. */
  readonly extract: string | null;
  readonly ignores: (tag: string) => boolean;
  /** Whether a prerelease may follow a release. */
  readonly prerelease: boolean;
}

/** Any newer version of the same suffix, precision and prefix. */
export const newestVersion: TagRule = {
  policy: { type: "semver", range: null, dialect: "node" },
  pattern: null,
  extract: null,
  ignores: () => false,
  prerelease: false,
};
