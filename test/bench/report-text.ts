/** The measurements as a table for people and as one JSON object for programs. */

import { type Measurement, isMet } from "./measurement.ts";

const verdicts = new Map([
  [true, "ok"],
  [false, "MISSED"],
  [null, ""],
]);

/** One line per measurement, the missed ones with their parts below the table. */
export function tableText(rows: readonly Measurement[]): string {
  const cells = [
    ["measure", "value", "goal", "", "on"],
    ...rows.map((row) => [
      row.measure,
      `${round(row.value)} ${row.unit}`,
      row.goal === null ? "" : `<= ${row.goal}`,
      verdicts.get(isMet(row)) ?? "",
      row.on,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row.map((cell, column) =>
      column === 1 ? cell.padStart(widths[1] ?? 0) : cell.padEnd(widths[column] ?? 0),
    ),
  );
  return [...lines.map((line) => line.join("  ").trimEnd()), "", ...missedText(rows)].join("\n");
}

function missedText(rows: readonly Measurement[]): readonly string[] {
  const missed = rows.filter((row) => isMet(row) === false);
  if (missed.length === 0) return ["Every goal is met."];
  const parts = missed.map(
    ({ measure, on, detail }) => `  ${measure} (${on})${detail ? `:\n    ${detail}` : ""}`,
  );
  return [
    `${missed.length} of ${rows.filter((row) => row.goal !== null).length} goals are missed:`,
    ...parts,
  ];
}

export function jsonText(rows: readonly Measurement[], seconds: number): string {
  const measurements = rows.map((row) => ({ ...row, value: round(row.value), ok: isMet(row) }));
  return JSON.stringify({ node: process.version, seconds: round(seconds), measurements });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
