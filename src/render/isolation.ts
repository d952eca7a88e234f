/** What keeps a rendering apart from the rest of the machine: the programs that it is started through. */

import { execFile } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { isProgram } from "./tools.ts";

const run = promisify(execFile);

/** Bytes of address space: Go reserves several times what it uses. The resident memory is watched besides. */
const addressSpace = 3 * 1024 * 1024 * 1024;

export interface Isolation {
  /** Program and arguments that come before those of the tool. */
  readonly before: readonly string[];
  /** Who owns the files of a rendering; null where it runs as we do. */
  readonly owner: number | null;
  /** What is in force, for people. */
  readonly said: readonly string[];
}

interface Layer {
  readonly program: string;
  readonly args: readonly string[];
  readonly said: string;
  readonly owner?: number;
}

/** Whether any user may run a program: root's home, for one, is closed to others. */
function isForAll(program: string): boolean {
  const path = realpathSync(program);
  for (let at = dirname(path); at !== "/"; at = dirname(at))
    if ((statSync(at).mode & 0o001) === 0) return false;
  return (statSync(path).mode & 0o005) === 0o005;
}

/** `nobody` of every Linux. */
const nobody = 65_534;

/** From the outside in: what a later layer takes away the earlier ones need. */
function layers(isRoot: boolean, cpuSeconds: number): readonly Layer[] {
  const asNobody = [`--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups", "--no-new-privs", "--"];
  return [
    { program: "unshare", args: [...(isRoot ? [] : ["--map-root-user"]), "--net", "--"], said: "no network" },
    ...(isRoot ? [{ program: "setpriv", args: asNobody, said: "no rights of root", owner: nobody }] : []),
    {
      program: "prlimit",
      args: [`--as=${addressSpace}`, `--cpu=${cpuSeconds}`, "--core=0", "--"],
      said: "limited memory and CPU time",
    },
  ];
}

/**
 * Tries each layer and takes those through which all of the programs run: another user may not be let near them. A container
 * without these layers has walls of its own, or none.
 */
export async function findIsolation(
  searchPath: string,
  cpuSeconds: number,
  programs: readonly string[],
): Promise<Isolation> {
  const isRoot = process.getuid?.() === 0;
  const before: string[] = [];
  const said: string[] = [];
  let owner: number | null = null;
  for (const layer of layers(isRoot, cpuSeconds)) {
    const program = searchPath
      .split(":")
      .map((folder) => join(folder, layer.program))
      .find(isProgram);
    if (program === undefined || (layer.owner !== undefined && !programs.every(isForAll))) continue;
    const tried = [...before, program, ...layer.args];
    const ran = await Promise.all(programs.map((each) => works([...tried, each])));
    if (ran.includes(false)) continue;
    before.push(program, ...layer.args);
    said.push(layer.said);
    owner = layer.owner ?? owner;
  }
  return { before, owner, said };
}

async function works([program = "", ...args]: readonly string[]): Promise<boolean> {
  return run(program, [...args, "version"], { timeout: 10_000, env: {} }).then(
    () => true,
    () => false,
  );
}
