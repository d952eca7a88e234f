/** A place where an image stands and a change of it. */

/**
 * One image reference in one file. `start` and `end` are the byte range that an edit would touch, the first one of several;
 * `line` and `column` are 1-based and point at it.
 */
export interface Occurrence {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the document it stands, as a JSON pointer behind the document's index: `0/spec/containers/0/image`. */
  readonly path: string;
  /** The shape that recognised it: the key of the table of shapes. */
  readonly shape: string;
  /** The image repository as written, with a registry key of its own joined in front. */
  readonly image: string;
  readonly tag: string | null;
  readonly digest: string | null;
  readonly start: number;
  readonly end: number;
  /** The scalars that hold tag and digest; absent where the one at `path` holds both, from `start` to `end`. */
  readonly edits?: readonly ImageEditPlace[];
  /** Paths that take the value from here through aliases: they move with it. */
  readonly feeds?: readonly string[];
  /** What another tool's settings in the repository say of its tags. */
  readonly statement?: Statement;
}

/** A choice of tags in the words of the tool that it was written for. */
export interface Statement {
  readonly tool: "flux" | "renovate" | "argocd";
  /** For people: `ImagePolicy flux-system/web`. */
  readonly name: string;
  /** By the tool's own names of its settings; a list has a line for each item. */
  readonly settings: Readonly<Record<string, string>>;
  /** Why it cannot be followed, as the end of a sentence that the name begins: `is suspended`. */
  readonly problem?: string;
}

/**
 * A scalar that holds a part of an image's value, `start` to `end` being the part's bytes. `value` is tag and digest
 * together, `hex` a digest without `sha256:` in front. Where `start` is `end`, the key is not there yet.
 */
export interface ImageEditPlace {
  /** As in an occurrence; in a string that is YAML itself, it goes on with the document's index in there. */
  readonly path: string;
  readonly role: "value" | "tag" | "digest" | "hex";
  readonly start: number;
  readonly end: number;
}

/**
 * What a change is. `tag` is another tag without an order, `rollback` goes back to what was signed and healthy, `other` is
 * anything that is not an image's value.
 */
export type ChangeKind = "major" | "minor" | "patch" | "tag" | "digest" | "rollback" | "other";

/** A value of an image: tag and digest are one. */
export interface ImageValue {
  readonly tag: string | null;
  readonly digest: string | null;
}

/** One image of one place moved from one value to a newer one. */
export interface Bump {
  readonly occurrence: Occurrence;
  readonly from: ImageValue;
  readonly to: ImageValue;
  readonly kind: ChangeKind;
}
