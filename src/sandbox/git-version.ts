/** Whether this machine's git can do what the sandbox asks of it. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Result, fail, ok } from "../model/failure.ts";

const run = promisify(execFile);

/** `git merge-tree --write-tree`, by which mergeability is told, came with 2.38: https://git-scm.com/docs/git-merge-tree */
const needed = [2, 38] as const;

/** `unsupported` names the version that is needed and the one that is here. */
export async function checkGit(): Promise<Result<void>> {
  const said = await run("git", ["--version"]).catch(() => null);
  if (said === null) return fail("unsupported", "the sandbox needs git, and there is none on the PATH");
  const version = /\d+\.\d+[.\d]*/.exec(said.stdout)?.[0] ?? said.stdout.trim();
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > needed[0] || (major === needed[0] && minor >= needed[1]);
  return enough
    ? ok(undefined)
    : fail("unsupported", `the sandbox needs git ${needed.join(".")} or newer, this is ${version}`);
}
