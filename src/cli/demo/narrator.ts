/** How the demo tells its story: lines for a person, or one JSON object per step. */

import type { Stage, Step } from "./stage.ts";

export interface Outcome {
  readonly step: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: Record<string, unknown>;
}

export interface Narrator {
  opened(stage: Stage): void;
  begins(step: Step): void;
  ended(outcome: Outcome): void;
  done(ms: number): void;
}

export function narrator(options: { json: boolean; output: NodeJS.WriteStream }): Narrator {
  return options.json ? machine(options.output) : human(options.output);
}

function machine(output: NodeJS.WriteStream): Narrator {
  const print = (value: object) => void output.write(`${JSON.stringify(value)}\n`);
  return { opened() {}, begins() {}, ended: print, done: () => print({ step: "done", ok: true }) };
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

function human(output: NodeJS.WriteStream): Narrator {
  const print = (text: string) => void output.write(text);
  return {
    opened: (stage) =>
      print(
        `A GitHub at ${stage.webUrl}, a registry at ${stage.registryHost}, ` +
          `a cluster (${stage.clusterKind} ${stage.clusterVersion}): all on this machine.\n\n`,
      ),
    begins: (step) => print(`  ${step.tells}\n${output.isTTY ? "  … " : ""}`),
    ended: ({ step, ok, ms, detail }) => {
      if (output.isTTY) print("\r\u001B[K");
      print(`  ${ok ? "✓" : "✗"} ${step.padEnd(15)} ${seconds(ms).padStart(7)}\n${facts(detail)}\n`);
    },
    done: (ms) => print(`  ✓ done            ${seconds(ms).padStart(7)}  every step was observed\n`),
  };
}

/** The values that a reader wants to see, a line each. */
function facts(detail: Record<string, unknown>): string {
  const lines = Object.entries(detail).map(([name, value]) => `      ${name.padEnd(11)} ${plain(value)}\n`);
  return lines.join("");
}

function plain(value: unknown): string {
  if (typeof value === "string") return shorten(value);
  if (typeof value !== "object" || value === null) return String(value);
  return Object.values(value).map(plain).join(" ");
}

/** A commit by its first seven digits, as people write it. */
function shorten(value: string): string {
  return /^[0-9a-f]{40}$/.test(value) ? value.slice(0, 7) : value;
}
