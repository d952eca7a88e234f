/** A program that runs beside this process and never outlives it, not even when this process is killed. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";

export interface Launched {
  /** The last lines that the program wrote. */
  tail(): string;
  /** Why it is not running any more; undefined while it runs. */
  ended(): string | undefined;
  /** Kills it: nothing that it holds is worth keeping. Doing it twice is harmless. */
  stop(): Promise<void>;
}

const tailBytes = 4_000;

/** Runs the program, and kills it when standard input ends, as it does when whoever holds the other end is gone. */
const guard = `
exec 3<&0
"$0" "$@" 3<&- </dev/null & program=$!
{ cat <&3 >/dev/null; kill -KILL "$program" 2>/dev/null; } & watcher=$!
exec 3<&-
wait "$program"; code=$?
kill "$watcher" 2>/dev/null
exit "$code"`;

/** Starts a program with its output kept, not shown. */
export function launch(command: string, args: readonly string[]): Launched {
  const child = spawn("/bin/sh", ["-c", guard, command, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let reason: string | undefined;
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-tailBytes);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.once("error", (error) => {
    reason = error.message;
  });
  const gone = once(child, "exit").then(
    ([code]) => {
      reason ??= `${basename(command)} ended with exit code ${String(code)}`;
      return undefined;
    },
    () => undefined,
  );
  return {
    tail: () => output.trimEnd(),
    ended: () => reason,
    async stop() {
      child.stdin.end();
      await gone;
    },
  };
}
