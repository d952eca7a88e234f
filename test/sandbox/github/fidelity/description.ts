/** Finds GitHub's published API description: in the cache, else from npm, where it is too large for an ordinary install. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { JsonSchema } from "./json-schema.ts";

const run = promisify(execFile);
const release = "23";
const member = "package/generated/api.github.com.json";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema?: JsonSchema;
  /** GitHub's own mark: the value may hold slashes. */
  readonly "x-multi-segment"?: boolean;
}

export interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

export interface Operation {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content | { readonly $ref: string }>>;
}

/** The parts of the OpenAPI 3.0 document that the judge reads. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
}

/** The document, or in one sentence why it cannot be had here. */
export async function findDescription(): Promise<Description | { readonly missing: string }> {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const file = join(cache, "lockkeeper", "openapi", release, "api.github.com.json");
  try {
    if (!existsSync(file)) await fetchTo(file);
    return JSON.parse(await readFile(file, "utf8")) as Description;
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { missing: `GitHub's API description is neither at ${file} nor to be had from npm: ${why}` };
  }
}

/** Written by rename, so that a download cut short is never taken for the document. */
async function fetchTo(file: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "openapi-"));
  try {
    await run("npm", ["pack", "--silent", `@octokit/openapi@${release}`], { cwd: work, timeout: 120_000 });
    const archive = (await readdir(work)).find((name) => name.endsWith(".tgz"));
    if (archive === undefined) throw new Error("npm pack left no archive");
    await run("tar", ["-xzf", archive, member], { cwd: work, timeout: 60_000 });
    await mkdir(dirname(file), { recursive: true });
    const partial = `${file}.${process.pid}`;
    await copyFile(join(work, member), partial);
    await rename(partial, file);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
