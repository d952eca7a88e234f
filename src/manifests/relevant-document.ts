/** Whether a document may say which image runs, by its text. */

import { mentionsImages } from "./read-document.ts";
import type { Surroundings } from "./shape.ts";

/** False only where no shape would find anything: no word of theirs, and no kind or file that the configuration names. */
export function isRelevant(document: string, { kinds = [] }: Surroundings): boolean {
  const mentioned =
    mentionsImages(document) ||
    kinds.some((entry) => entry.files !== undefined || entry.kinds.some((kind) => document.includes(kind)));
  return mentioned && !isDefinition(document);
}

/**
 * A schema speaks of images and runs none. Its kind stands at the very start of a line, once, in a map that is written line
 * by line from there: no text within the document can begin so.
 */
function isDefinition(document: string): boolean {
  const [kind, ...others] = document.match(/^kind:.*/gm) ?? [];
  if (kind === undefined || others.length > 0 || /^(?:["'?{[]|---[ \t]*[^\s#])/m.test(document)) return false;
  return /^kind:[ \t]+["']?CustomResourceDefinition["']?[ \t]*(?:#.*)?$/.test(kind);
}
