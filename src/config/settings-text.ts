/** A settings file as text: parsed once, with the place of every value in it. */

import { LineCounter, type Document, isMap, isNode, isPair, isScalar, isSeq, parseDocument } from "yaml";
import { duplicateKeys } from "../text/duplicate-keys.ts";
import { gateYaml } from "../text/yaml-gate.ts";
import type { Problem } from "./config.ts";

/** Where a value stands: keys and indices from the top of the file. */
export type SettingPath = readonly (string | number)[];

/** A place in a file, 1-based. */
interface Place {
  readonly line: number;
  readonly column: number;
}

export interface SettingsText {
  /** The plain value; `{}` for an empty file. */
  readonly value: unknown;
  /** The place of a value, or of the nearest value above it; with `key`, of the key that holds it. */
  readonly locate: (path: SettingPath, at?: "key") => Place;
  /** Problems that leave the value readable: the same key twice. */
  readonly problems: readonly Problem[];
}

/** Reads YAML; where it is not YAML, only the problems with their places. */
export function readSettings(text: string, file: string): SettingsText | { problems: readonly Problem[] } {
  const lines = new LineCounter();
  const refused = gateYaml(text);
  if (refused !== null) {
    const before = text.slice(0, refused.offset).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { problems: [{ file, line: before.length, column, message: `the file ${refused.reason}` }] };
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const place = (offset: number): Place => placeOf(lines, offset);
  const given = duplicateKeys(document).map((offset) => {
    return { file, ...place(offset), message: "this key was given above already" };
  });
  const others = [...document.errors, ...document.warnings].map((error) => {
    return { file, ...place(error.pos[0]), message: firstLine(error.message) };
  });
  const problems = [...given, ...others];
  if (document.errors.length > 0) return { problems };
  const value = plainValue(document);
  if (value instanceof Error)
    return { problems: [{ file, line: 1, column: 1, message: firstLine(value.message) }] };
  return { value, problems, locate: (path, at) => place(offsetOf(document, path, at)) };
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}

/** Aliases that would blow up are refused by the library with an exception. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    return error instanceof Error ? error : new Error("cannot be read");
  }
}

/** The offset of the deepest node on the path that exists. */
function offsetOf(document: Document, path: SettingPath, at?: "key"): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [index, step] of path.entries()) {
    const next = child(node, step);
    if (next === undefined) return offset;
    const last = index === path.length - 1;
    const shown = last && at === "key" ? next.key : (next.value ?? next.key);
    node = next.value;
    if (isNode(shown)) offset = shown.range?.[0] ?? offset;
  }
  return offset;
}

function child(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) return { key: node.items[Number(step)], value: node.items[Number(step)] };
  if (!isMap(node)) return undefined;
  const pair = node.items.find(
    (item) =>
      isPair(item) && (isScalar(item.key) ? String(item.key.value) : String(item.key)) === String(step),
  );
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}
