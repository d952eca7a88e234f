/** Edits that give a list items or take one from it. */

import type { Node, YAMLSeq } from "yaml";
import { type Edits, type TextEdit, insertLine, removeLines } from "./text-edit.ts";
import { lineStart } from "./text-lines.ts";
import { collectionText, scalarText, takesLines } from "./value-text.ts";

export function removeItem(text: string, list: YAMLSeq, index: number): Edits {
  const item = list.items[index] as Node;
  const [start, end] = item.range ?? [0, 0];
  if (list.flow === true) {
    const next = list.items[index + 1] as Node | undefined;
    const before = list.items[index - 1] as Node | undefined;
    if (next?.range) return [{ start, end: next.range[0], text: "" }];
    return [{ start: before?.range?.[1] ?? start, end, text: "" }];
  }
  const dash = text.lastIndexOf("-", start - 1);
  const begin = lineStart(text, dash);
  if (text.slice(begin, dash).trim() !== "") return "it is the first item within another list";
  return [removeLines(text, begin, end)];
}

export function appendItems(text: string, list: YAMLSeq, added: readonly unknown[]): readonly TextEdit[] {
  const last = list.items.at(-1) as Node | undefined;
  const [start, end] = list.range ?? [0, 0];
  if (last?.range === undefined || last.range === null) return [{ start, end, text: JSON.stringify(added) }];
  if (list.flow === true) {
    const texts = added.map((item) => `, ${JSON.stringify(item)}`);
    return [{ start: last.range[1], end: last.range[1], text: texts.join("") }];
  }
  const first = (list.items[0] as Node).range?.[0] ?? 0;
  const dash = text.lastIndexOf("-", first - 1);
  const indent = " ".repeat(dash - lineStart(text, dash));
  const gap = " ".repeat(Math.max(1, (text.slice(dash + 1, first).match(/^ +$/)?.[0] ?? " ").length));
  const lines = added.map((item) =>
    takesLines(item)
      ? `${indent}-${gap}${collectionText(item, `${indent} ${gap}`)}`
      : `${indent}-${gap}${scalarText(item)}`,
  );
  return [insertLine(text, last.range[1], lines.join("\n"))];
}
