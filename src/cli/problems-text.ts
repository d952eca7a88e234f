/** Problems of settings files, as people read them. */

import type { Problem } from "../config/config.ts";
import { inertLine } from "../text/inert.ts";

/** Each problem with its line of the file and a caret below the column. */
export function problemsText(problems: readonly Problem[], text: string): string {
  const lines = text.split(/\r?\n/);
  return problems
    .map(({ file, line, column, message }) => {
      const shown = shownLine(lines[line - 1] ?? "", column);
      const gutter = `${line} | `;
      const caret = " ".repeat(gutter.length + shown.column - 1);
      return `${file}:${line}:${column}: ${inertLine(message, 500)}\n${gutter}${shown.text}\n${caret}^\n`;
    })
    .join("\n");
}

/** A long line is shown around the column; a character that does not show is a space, so that the caret stands right. */
function shownLine(text: string, column: number): { readonly text: string; readonly column: number } {
  const start = column > 90 ? column - 60 : 0;
  const visible = text.slice(start, start + 110).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
  return { text: visible, column: column - start };
}
