/** The programs that render: where they are, and whether they are new enough. */

import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Result, fail, ok } from "../model/failure.ts";

const run = promisify(execFile);

export interface Tool {
  readonly path: string;
  readonly version: string;
}

export interface Wanted {
  readonly name: "kustomize" | "helm";
  readonly setting: string;
  /** The least major version. */
  readonly least: number;
  readonly ask: readonly string[];
  /** Works from the least version on, for builds that do not know their version. */
  readonly probe?: readonly string[];
}

export const kustomizeTool: Wanted = {
  name: "kustomize",
  setting: "LOCKKEEPER_KUSTOMIZE",
  least: 5,
  ask: ["version"],
  probe: ["localize", "--help"],
};

export const helmTool: Wanted = {
  name: "helm",
  setting: "LOCKKEEPER_HELM",
  least: 3,
  ask: ["version", "--short", "--client"],
};

export interface ToolPlaces {
  /** The program that a setting names; null: the first on the path. */
  readonly kustomize: string | null;
  readonly helm: string | null;
  /** As the variable PATH. */
  readonly searchPath: string;
}

/** Looks once; what is missing is looked for again the next time. The message says what to install. */
export class Tools {
  readonly #places: ToolPlaces;
  readonly #found = new Map<string, Tool>();

  constructor(places: ToolPlaces) {
    this.#places = places;
  }

  async find(wanted: Wanted): Promise<Result<Tool>> {
    const known = this.#found.get(wanted.name);
    if (known !== undefined) return ok(known);
    const path = this.#path(wanted);
    if (path === null) return fail("unsupported", needs(wanted, "is not on the PATH"));
    const version = await versionOf(path, wanted);
    if (version === null) return fail("unsupported", needs(wanted, `${path} is not that`));
    this.#found.set(wanted.name, { path, version });
    return ok({ path, version });
  }

  #path({ name }: Wanted): string | null {
    const named = this.#places[name];
    if (named !== null) return isProgram(named) ? named : null;
    const folders = this.#places.searchPath.split(delimiter).filter((folder) => folder !== "");
    return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
  }
}

function needs({ name, least, setting }: Wanted, why: string): string {
  return `needs ${name} ${least} or newer, and ${why}: install it, or name the program in ${setting}`;
}

/** Null where it is too old, or says nothing that is understood. */
async function versionOf(path: string, { ask, least, probe }: Wanted): Promise<string | null> {
  const said = await answer(path, ask);
  const found = said === null ? null : /v?(\d+)\.\d+\.\d+/.exec(said);
  if (found !== null) return Number(found[1]) >= least ? found[0] : null;
  if (said === null || probe === undefined) return null;
  return (await answer(path, probe)) === null ? null : said.trim().slice(0, 40);
}

async function answer(path: string, args: readonly string[]): Promise<string | null> {
  const options = { timeout: 20_000, env: { HOME: "/nonexistent", PATH: "" }, maxBuffer: 1024 * 1024 };
  return run(path, args, options).then(
    ({ stdout }) => stdout,
    () => null,
  );
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
