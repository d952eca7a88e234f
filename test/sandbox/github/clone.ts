/** A clone of the sandbox's repository in a temporary folder, driven by the git command line as a person would. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { World } from "./world.ts";

export interface Outcome {
  readonly code: number;
  /** What it printed, both streams. */
  readonly text: string;
}

export interface Clone {
  readonly folder: string;
  git(...args: string[]): Promise<Outcome>;
  /** Writes files, commits them and answers the commit. */
  commit(message: string, files: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

/** Runs git without prompts; never throws for what git says. */
export function git(folder: string, ...args: string[]): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const environment = { PATH: process.env["PATH"] ?? "", GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1" };
  const options = { cwd: folder, env: { ...environment, HOME: folder }, timeout: 20_000 };
  execFile("git", args, options, (error, stdout, stderr) => {
    resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, text: stdout + stderr });
  });
  return promise;
}

/** The address with a token, as CI systems write it. */
export function remote(world: World, token: string): string {
  return `${world.github.webUrl.replace("//", `//x-access-token:${token}@`)}/acme/gitops.git`;
}

/** Clones with somebody's token; commits are made in the name of `login`. */
export async function clone(world: World, login: string): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-clone-"));
  const run = (...args: string[]): Promise<Outcome> => git(folder, ...args);
  const cloned = await run("clone", "--quiet", remote(world, world.github.addUser(login)), ".");
  if (cloned.code !== 0) throw new Error(cloned.text);
  await run("config", "user.name", login);
  await run("config", "user.email", `${login}@users.noreply.github.com`);
  return {
    folder,
    git: run,
    commit: async (message, files) => {
      for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
      await run("add", "--all");
      await run("commit", "--quiet", "--allow-empty", "-m", message);
      return (await run("rev-parse", "HEAD")).text.trim();
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
