/** What a shape is: one way in which documents say which image runs. */

import type { Node } from "yaml";
import type { ImageValue } from "../model/update.ts";
import type { Cursor } from "./cursor.ts";
import type { NodePath } from "./node-path.ts";
import type { KindPaths } from "./kind-paths.ts";

/**
 * One place that a shape found. `reference`: one scalar holds name, tag and digest. `parts`: tag and digest stand in scalars
 * of their own. `embedded`: a string that is YAML itself. `skipped`: an image that cannot be edited; the reason is a phrase
 * without text from the file.
 */
export type Place = ReferencePlace | PartsPlace | EmbeddedPlace | SkippedPart;

export interface ReferencePlace {
  readonly type: "reference";
  readonly at: Cursor;
  /** The value of a registry key beside it, which belongs in front of the name. */
  readonly registry?: string;
  /** Characters of the text before the name. */
  readonly lead?: number;
  /** A version elsewhere in the object that has to be the tag. */
  readonly twin?: Cursor;
}

export interface PartsPlace {
  readonly type: "parts";
  /** In which the parts stand: its path is that of the occurrence. */
  readonly map: Cursor;
  /** The repository as written, its registry joined in front. */
  readonly image: string;
  readonly tag: Cursor | null;
  readonly digest: Cursor | null;
  /** Where neither part is there: the value that is in force, from elsewhere. */
  readonly inherited?: Inherited;
}

/** A value that stands elsewhere, and the map and keys that would hold a new one. */
export interface Inherited extends ImageValue {
  readonly map: Cursor;
  readonly keys: { readonly tag: string; readonly digest: string };
}

export interface EmbeddedPlace {
  readonly type: "embedded";
  readonly at: Cursor;
  /** Reads the documents in the string; absent: every shape does, as in a file. */
  readonly find?: Shape;
}

export interface SkippedPart {
  readonly type: "skipped";
  readonly at: Node;
  readonly reason: string;
}

/** What a shape may look at beyond the object. */
export interface Surroundings {
  /** The files of the same commit, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Paths of kinds that the configuration names. */
  readonly kinds?: readonly KindPaths[];
}

export interface Context extends Surroundings {
  readonly file: string;
  /** The whole file: a shape that looks for a word need not walk where it is missing. */
  readonly text: string;
}

/**
 * Finds the places of one object: a document, an item of a `List`, or a document within a string. What is not of its kind
 * has none.
 */
export type Shape = (object: Cursor, context: Context) => Iterable<Place>;

/** `0/spec/containers/0/image`: the document's index, then a JSON pointer, https://www.rfc-editor.org/rfc/rfc6901. */
export function pointer(path: NodePath): string {
  return path.map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
}

/** The steps of a pointer; indices come back as text. */
export function stepsOf(path: string): readonly string[] {
  return path.split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
