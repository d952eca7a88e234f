/** The command line: every command in one table, and what becomes of errors. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Command, CommanderError } from "commander";
import { UsageError } from "./usage-error.ts";

type Register = (program: Command) => void;

/** In the order of `--help`. Each is a module of its own: to read them all takes longer than many a command. */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import("./demo.ts")).registerDemo,
  sandbox: async () => (await import("./sandbox.ts")).registerSandbox,
  serve: async () => (await import("./serve.ts")).registerServe,
  "render-server": async () => (await import("./render-server.ts")).registerRenderServer,
  scan: async () => (await import("./scan.ts")).registerScan,
  diff: async () => (await import("./diff.ts")).registerDiff,
  validate: async () => (await import("./validate.ts")).registerValidate,
  explain: async () => (await import("./explain.ts")).registerExplain,
  why: async () => (await import("./why.ts")).registerWhy,
};

/** The command that is asked for, or all of them where none is. */
function registrations(name: string): Promise<readonly Register[]> {
  const wanted = Object.hasOwn(commands, name) ? [name] : Object.keys(commands);
  return Promise.all(wanted.flatMap((one) => commands[one]?.() ?? []));
}

/** Exit codes: 0 fine, 1 found something wrong (commands say so by `process.exitCode`), 2 wrong usage. */
export async function runProgram(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const withStack = environment["LOG_LEVEL"] === "debug";
  for (const stream of [process.stdout, process.stderr]) stream.on("error", toleratePipe);
  process.on("uncaughtException", (error) => process.exit(explain(error, withStack)));
  const program = new Command("lockkeeper")
    .description("Image updates as pull requests, sign-off before merge, apply on merge, drift reports.")
    .version(ownVersion(), "--version")
    .exitOverride()
    .showHelpAfterError("(--help says more)")
    .configureHelp({ showGlobalOptions: true });
  for (const register of await registrations(argv[2] ?? "")) register(program);
  // The heap's young part stays as large as it is with all modules read: larger, it holds 50 MiB more, of garbage.
  setFlagsFromString("--semi-space-growth-factor=1");
  for (const command of program.commands) command.exitOverride().showHelpAfterError("(--help says more)");
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = explain(error, withStack);
  }
}

/** A reader that has gone, as `head` goes, is no error: the rest is said to nobody, and the exit code stays true. */
function toleratePipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function ownVersion(): string {
  const file = join(import.meta.dirname, "..", "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Tells of an error in one block and answers the exit code; only a bug shows its stack, and only when asked to. */
function explain(error: unknown, withStack: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Lockkeeper broke, which is a bug: ${message}\n`);
  process.stderr.write("Please report it with what you did; LOG_LEVEL=debug shows where it happened.\n");
  if (withStack && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 1;
}
