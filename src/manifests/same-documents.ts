/** Whether two parsed files say the same but for some values: the proof after every edit. */

import {
  type Document,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
} from "yaml";
import { type NodePath, keyOf } from "./node-path.ts";
import { pointer } from "./shape.ts";
import { parseSource } from "./source-file.ts";

type Documents = readonly Document.Parsed[];

/** The new text of each scalar that is to differ, by its path; one that is not there yet is to be added. */
export type Intended = ReadonlyMap<string, { readonly text: string; readonly added: boolean }>;

export function sameDocuments(before: Documents, after: Documents, intended: Intended): boolean {
  const was = factsOf(before, [], intended);
  const is = factsOf(after, [], intended).filter((fact) => !isAddition(fact, intended));
  return was.length === is.length && was.every((old, at) => sameFact(old, is[at], intended));
}

/** One node, in order; errors of a document come first, so that they have to be the same too. */
interface Fact {
  readonly path: NodePath;
  readonly text: string;
  readonly value?: unknown;
}

function sameFact(old: Fact, now: Fact | undefined, intended: Intended): boolean {
  if (now === undefined || old.text !== now.text) return false;
  const wanted = intended.get(pointer(old.path));
  return wanted === undefined ? Object.is(old.value, now.value) : now.value === wanted.text;
}

/** A key that was to be added, with the value that it was to have. */
function isAddition({ path, value, text }: Fact, intended: Intended): boolean {
  const wanted = intended.get(pointer(text === "key" ? path.slice(0, -1) : path));
  return wanted?.added === true && (text === "key" || value === wanted.text);
}

function factsOf(documents: Documents, prefix: NodePath, intended: Intended): readonly Fact[] {
  return documents.flatMap((document, index) => {
    const path = [...prefix, index];
    const found: Fact[] = [{ path, text: "document" }];
    found.push(...document.errors.map((error) => ({ path, text: error.code })));
    collect(document.contents, { path, found, intended });
    return found;
  });
}

interface Collecting {
  readonly path: NodePath;
  readonly found: Fact[];
  readonly intended: Intended;
}

/** Recursion is safe here: the gate has limited the depth. */
function collect(node: unknown, at: Collecting): void {
  const { path, found } = at;
  if (isPair(node)) {
    const step = [...path, keyOf(node)];
    found.push({ path: [...step, "key"], text: "key", value: keyOf(node) });
    collect(node.value, { ...at, path: step });
  } else if (isMap(node) || isSeq(node)) collectItems(node, at);
  else if (isScalar(node)) found.push(...scalarFacts(node, at));
  else found.push({ path, text: isAlias(node) ? `alias ${node.source}` : "nothing" });
}

function collectItems(node: YAMLMap | YAMLSeq, at: Collecting): void {
  const { path, found } = at;
  const kind = isMap(node) ? "map" : "list";
  found.push({ path, text: `${kind} ${node.anchor ?? ""} ${node.tag ?? ""}` });
  for (const [index, item] of node.items.entries())
    collect(item, isPair(item) ? at : { ...at, path: [...path, index] });
  found.push({ path, text: `end of ${kind}` });
}

function scalarFacts(node: Scalar, at: Collecting): readonly Fact[] {
  const own = `${pointer(at.path)}/`;
  const embedded = [...at.intended.keys()].some((path) => path.startsWith(own));
  const fact = { path: at.path, text: `scalar ${node.anchor ?? ""} ${node.tag ?? ""}` };
  return embedded ? [fact, ...embeddedFacts(String(node.value), at)] : [{ ...fact, value: node.value }];
}

/** A string that is YAML itself is compared by what it says, as an edit within it has to change the string. */
function embeddedFacts(text: string, { path, intended }: Collecting): readonly Fact[] {
  const inner = parseSource(text);
  return inner.ok ? factsOf(inner.value.documents, path, intended) : [{ path, text }];
}
