/** Markdown that we write: tables, folds, and texts that stay below GitHub's limits. */

/** GitHub refuses comments over 65,536 characters and check summaries over 65,535; the rest is room for a marker. */
const markdownLimit = 60_000;

/**
 * A table of cells that are Markdown already: foreign text in them must have been made inert before. At most `limit` rows;
 * a line below says how many were cut.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  limit: number = 100,
): string {
  const shown = rows.slice(0, limit);
  const lines = [head, head.map(() => "---"), ...shown].map((cells) => `| ${cells.map(cell).join(" | ")} |`);
  const more = rows.length - shown.length;
  return lines.join("\n") + (more > 0 ? `\n\n_${more} more ${more === 1 ? "row" : "rows"} not shown._` : "");
}

/** A pipe ends a cell even within code unless escaped, and a backslash before it would undo the escape. */
function cell(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll(/(\\*)\|/g, (_, before: string) => (before === "" ? "\\|" : `${before} \\|`));
}

/** A part that readers open when they want it; `summary` is one line of ours. */
export function fold(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/**
 * Joins blocks by blank lines within the limit. A block that does not fit is left out whole, so that no fence or fold stays
 * open, and a last line says how many were. `ending` (a hidden marker) is always kept.
 */
export function fitBlocks(blocks: readonly string[], ending = "", limit: number = markdownLimit): string {
  const room = limit - ending.length - cutNote(blocks.length).length - 4;
  const kept: string[] = [];
  let length = 0;
  for (const block of blocks) {
    if (length + block.length + 2 > room) continue;
    kept.push(block);
    length += block.length + 2;
  }
  const lost = blocks.length - kept.length;
  return [...kept, ...(lost > 0 ? [cutNote(lost)] : []), ...(ending === "" ? [] : [ending])].join("\n\n");
}

function cutNote(count: number): string {
  return `_${count} more ${count === 1 ? "part" : "parts"} left out: the text would be longer than GitHub takes._`;
}
