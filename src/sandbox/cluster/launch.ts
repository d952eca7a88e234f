/** A program that runs beside this process and never outlives it. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";

export interface Launched {
  /** The last lines that the program wrote. */
  tail(): string;
  /** Why it is not running any more; undefined while it runs. */
  ended(): string | undefined;
  /** Asks it to end, and kills it where it does not within two seconds. Doing it twice is harmless. */
  stop(): Promise<void>;
}

const tailBytes = 4_000;
const graceMilliseconds = 2_000;

/** Starts a program with its output kept, not shown. */
export function launch(command: string, args: readonly string[]): Launched {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let reason: string | undefined;
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-tailBytes);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const killed = () => void child.kill("SIGKILL");
  process.once("exit", killed);
  child.once("error", (error) => {
    reason = error.message;
  });
  child.once("exit", (code, signal) => {
    reason ??= `${basename(command)} ended with ${signal ?? `exit code ${code}`}`;
    process.off("exit", killed);
  });
  return {
    tail: () => output.trimEnd(),
    ended: () => reason,
    stop: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), graceMilliseconds);
  await gone;
  clearTimeout(killer);
}
