/** Whether a document may say which image runs, by its text. */

import { isDefinition } from "./definition.ts";
import { mentionsImages } from "./read-document.ts";
import type { Surroundings } from "./shape.ts";

/** False only where no shape would find anything: no word of theirs, and no kind or file that the configuration names. */
export function isRelevant(document: string, { kinds = [] }: Surroundings): boolean {
  const mentioned =
    mentionsImages(document) ||
    kinds.some((entry) => entry.files !== undefined || entry.kinds.some((kind) => document.includes(kind)));
  return mentioned && !isDefinition(document);
}
