/** Runs the git command line once, with nothing of the machine's configuration. */

import { CommandShell } from "./command-shell.ts";

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

const shell = new CommandShell(gitEnvironment());

/** Standard output of one git command; throws `GitError` for an exit code that is not accepted. */
export async function runGit(args: readonly string[], call: GitCall): Promise<Buffer> {
  const command = ["git", "--git-dir", call.directory, ...args];
  const { code, stdout, stderr } = await shell.run({ command, input: call.input });
  if (code !== 0 && !call.accept?.includes(code)) {
    throw new GitError(args, code, { stdout: stdout.toString("utf8"), stderr: stderr.toString("utf8") });
  }
  return stdout;
}
