/** Runs the git command line once, with nothing of the machine's configuration. */

import { spawn } from "node:child_process";

export class GitError extends Error {
  readonly exitCode: number;
  readonly stderr: string;
  readonly stdout: string;

  constructor(args: readonly string[], exitCode: number, streams: { stdout: string; stderr: string }) {
    super(`git ${args[0]} ended with ${exitCode}: ${streams.stderr.trim()}`);
    this.exitCode = exitCode;
    this.stderr = streams.stderr;
    this.stdout = streams.stdout;
  }
}

export interface GitCall {
  readonly directory: string;
  readonly input?: Uint8Array | string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Exit codes that are answers and not failures. */
  readonly accept?: readonly number[];
}

/** What every git process here gets: no user or system configuration, no prompts, English messages. */
export function gitEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: "/nonexistent",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    ...more,
  };
}

/** Standard output of one git command; throws `GitError` for an exit code that is not accepted. */
export async function runGit(args: readonly string[], call: GitCall): Promise<Buffer> {
  const child = spawn("git", ["--git-dir", call.directory, ...args], {
    env: gitEnvironment(call.environment),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  // A command that fails early closes its input; its exit code tells why.
  child.stdin.on("error", () => undefined);
  child.stdin.end(call.input);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.on("error", reject);
  child.on("close", (code) => resolve(code ?? -1));
  const code = await promise;
  const stdout = Buffer.concat(out);
  if (code !== 0 && !call.accept?.includes(code)) {
    throw new GitError(args, code, {
      stdout: stdout.toString("utf8"),
      stderr: Buffer.concat(err).toString("utf8"),
    });
  }
  return stdout;
}
