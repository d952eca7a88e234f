/** Definitions of kinds, told by their text: most of the bytes of large installations. */

/**
 * A schema speaks of images and runs none. Its kind stands at the very start of a line, once, in a map that is written line
 * by line from there: no text within the document can begin so.
 */
export function isDefinition(document: string): boolean {
  const [kind, ...others] = document.match(/^kind:.*/gm) ?? [];
  if (kind === undefined || others.length > 0 || /^(?:["'?{[]|---[ \t]*[^\s#])/m.test(document)) return false;
  return /^kind:[ \t]+["']?CustomResourceDefinition["']?[ \t]*(?:#.*)?$/.test(kind);
}
