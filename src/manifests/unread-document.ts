/** What is told of a document that is no YAML: why, and the images that stand on lines of their own in it. */

import type { Document } from "yaml";
import type { SkippedPlace } from "./finds.ts";
import { isVersioned } from "./image-text.ts";
import { type SourceFile, lineOf } from "./source-file.ts";

/** What only a template engine takes: an action at the begin of a line or value, or one that trims space or calls a function. */
const action =
  /(?:^|[:-])[ \t]*\{\{|\{\{-|\{\{\s*(?:if|else|end|range|with|include|template|define|toYaml|[.$])/m;

/** A key that says image with a whole reference behind it. */
const imageLine =
  /^[ \t]*(?:-[ \t]+)?["']?[\w.-]{0,60}image["']?:[ \t]+["']?([\w./:@-]{3,300})["']?[ \t]*(?:#.*)?\r?$/i;

export function unreadPlaces(
  file: string,
  source: SourceFile,
  document: Document.Parsed,
): readonly SkippedPlace[] {
  const [start, , end] = document.range;
  const text = source.text.slice(start, end);
  const found = action.exec(text);
  const template = found === null ? -1 : text.indexOf("{{", found.index);
  const offset = template < 0 ? (document.errors[0]?.pos[0] ?? start) : start + template;
  const reason = template < 0 ? "not valid YAML" : "a template: it cannot be read as YAML";
  const images = linesOf(text, lineOf(source.text, start)).filter(({ text: line }) => {
    const image = imageLine.exec(line)?.[1];
    return image !== undefined && isVersioned(image);
  });
  const kind = template < 0 ? "a file that is not valid YAML" : "a template";
  return [
    { file, line: lineOf(source.text, offset), reason },
    ...images.map(({ line }) => ({ file, line, reason: `an image in ${kind}` })),
  ].toSorted((a, b) => a.line - b.line);
}

function linesOf(text: string, first: number): readonly { readonly line: number; readonly text: string }[] {
  return text.split("\n").map((line, index) => ({ line: first + index, text: line }));
}
