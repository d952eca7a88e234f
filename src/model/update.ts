/** A place where an image stands and a change of it. */

/**
 * One image reference in one file. `ranges` are the byte ranges that an edit would touch, in the order name, tag, digest
 * of `shape`; `line` and `column` are 1-based and point at the first of them.
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
