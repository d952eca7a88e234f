/** What a team can say of the tags of an image: the policy that orders them, and what narrows them before and after. */

/** Which way of two is later: `asc` the higher, `desc` the lower. */
export type Order = "asc" | "desc";

/**
 * The grammar of a range and the meaning of a tag. `node`: as node-semver reads ranges, with tags of the same suffix,
 * precision and prefix. `masterminds`: as Flux does, where a tag has three parts and what stands behind `-` is a prerelease.
 * `masterminds-coerced`: the same, where missing parts are 0, as Argo CD Image Updater does.
 */
export type Dialect = "node" | "masterminds" | "masterminds-coerced";

/**
 * How tags are ordered. `range` null: any newer version. `regex` and `loose` are versionings of Renovate's; the pattern is
 * RE2 with named groups. `newest-build`: by when the images were made, which no name tells.
 */
export type Policy =
  | { readonly type: "semver"; readonly range: string | null; readonly dialect: Dialect }
  | { readonly type: "calver"; readonly format: string }
  | { readonly type: "numerical"; readonly order: Order }
  | { readonly type: "alphabetical"; readonly order: Order }
  | { readonly type: "regex"; readonly pattern: string }
  | { readonly type: "loose" }
  | { readonly type: "newest-build" }
  | { readonly type: "digest" };

/** What a team says of the tags of an image, as it is written. */
export interface TagSettings {
  /** RE2, unanchored as Flux has it; null: every tag. */
  readonly pattern: string | null;
  /** What the policy reads instead of the tag, made of the pattern's groups: `$1`, `${name}`; null: the tag. */
  readonly extract: string | null;
  /** Tags to leave out, exact or with `*` for any characters and `?` for one. */
  readonly ignore: readonly string[];
  /** Patterns in RE2, unanchored, of tags to leave out as well; absent: none. */
  readonly exclude?: readonly string[];
  /** Whether the latest is taken where the current tag has no place in the order; absent: such a tag stays. */
  readonly fromAny?: boolean;
  /** Whether a prerelease may follow a release, or a prerelease of another release. */
  readonly prerelease: boolean;
  /** Seconds that an image has to be old; null: any age. */
  readonly minimumAgeSeconds: number | null;
  /** As `os/architecture[/variant]`; null: those of the image in use. */
  readonly platforms: readonly string[] | null;
}

/** A policy with its settings: everything that is decided by for one image in one place. */
export interface ImagePolicy {
  readonly policy: Policy;
  readonly tags: TagSettings;
  /**
   * What becomes of the digest, which always moves with its tag. `pin`: it is added where there is none. `follow`: it is also
   * moved where the tag stays. Absent: neither.
   */
  readonly digests?: "pin" | "follow";
  /** A pattern in RE2 whose group `version` is what is written of a tag, where that is not all of it. */
  readonly part?: string;
}

/** What holds where nothing is said: any newer version of the same suffix, precision and prefix. */
export const newestVersion: ImagePolicy = {
  policy: { type: "semver", range: null, dialect: "node" },
  tags: {
    pattern: null,
    extract: null,
    ignore: [],
    prerelease: false,
    minimumAgeSeconds: null,
    platforms: null,
  },
};
