/** What a shape is: one way in which documents say which image runs. */

import type { Node, Scalar, YAMLMap } from "yaml";

/** Keys and indices from the top of a document. */
export type NodePath = readonly (string | number)[];

/** One place that a shape found; `skipped` where an image stands that cannot be edited, with the reason. */
export type Place =
  | { readonly type: "reference"; readonly path: NodePath; readonly scalar: Scalar }
  | { readonly type: "skipped"; readonly node: Node; readonly reason: string };

/** Finds the places of one document; a document that is not of its kind has none. */
export type Shape = (root: YAMLMap) => Iterable<Place>;

/** `0/spec/containers/0/image`: the document's index, then a JSON pointer, https://www.rfc-editor.org/rfc/rfc6901. */
export function pointer(document: number, path: NodePath): string {
  const steps = path.map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1"));
  return [document, ...steps].join("/");
}
