/** Whether two parsed files say the same but for some values: the proof after every edit. */

import { type Document, isAlias, isMap, isPair, isScalar, isSeq } from "yaml";
import { pointer } from "./shape.ts";

type Documents = readonly Document.Parsed[];

/** `intended` holds the new text of each scalar that is to differ, by the path that an occurrence has. */
export function sameDocuments(
  before: Documents,
  after: Documents,
  intended: ReadonlyMap<string, string>,
): boolean {
  const was = before.map(facts);
  const is = after.map(facts);
  if (was.length !== is.length) return false;
  return was.every((old, index) => {
    const now = is[index] ?? [];
    return old.length === now.length && old.every((fact, at) => sameFact(fact, now[at], index, intended));
  });
}

/** One node of a document, in order; errors of the document come first, so that they have to be the same too. */
interface Fact {
  readonly path: readonly (string | number)[];
  readonly text: string;
  readonly value?: unknown;
}

function sameFact(
  old: Fact,
  now: Fact | undefined,
  document: number,
  intended: ReadonlyMap<string, string>,
): boolean {
  if (now === undefined || old.text !== now.text) return false;
  const wanted = intended.get(pointer(document, old.path));
  return wanted === undefined ? Object.is(old.value, now.value) : now.value === wanted;
}

function facts(document: Document.Parsed): readonly Fact[] {
  const found: Fact[] = document.errors.map((error) => ({ path: [], text: error.code }));
  collect(document.contents, [], found);
  return found;
}

/** Recursion is safe here: the gate has limited the depth. */
function collect(node: unknown, path: Fact["path"], found: Fact[]): void {
  if (isPair(node)) {
    const key = isScalar(node.key) ? String(node.key.value) : "?";
    collect(node.key, [...path, key, "key"], found);
    collect(node.value, [...path, key], found);
  } else if (isMap(node) || isSeq(node)) {
    found.push({
      path,
      text: `${isMap(node) ? "map" : "list"} ${node.items.length} ${node.anchor ?? ""} ${node.tag ?? ""}`,
    });
    for (const [index, item] of node.items.entries())
      collect(item, isPair(item) ? path : [...path, index], found);
  } else if (isAlias(node)) {
    found.push({ path, text: `alias ${node.source}` });
  } else if (isScalar(node)) {
    found.push({ path, text: `scalar ${node.anchor ?? ""} ${node.tag ?? ""}`, value: node.value });
  } else found.push({ path, text: "nothing" });
}
