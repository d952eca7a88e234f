/** Finds keys that a map of a YAML document has twice: the parser itself would compare each key with every other. */

import { type Document, isScalar, visit } from "yaml";

/**
 * The UTF-16 offsets, in order, of scalar keys that their map has already: an error by
 * https://yaml.org/spec/1.2.2/#mapping. The document is to be parsed without `uniqueKeys`.
 */
export function duplicateKeys(document: Document): readonly number[] {
  const found: number[] = [];
  visit(document, {
    Map: (_, map) => {
      const known = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (known.has(key.value)) found.push(key.range?.[0] ?? 0);
        known.add(key.value);
      }
    },
  });
  return found.toSorted((a, b) => a - b);
}
