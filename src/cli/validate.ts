/** `lockkeeper validate`: everything that is wrong with a configuration or targets file, at once. */

import { readFile, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { Command } from "commander";
import { isMap, parseDocument } from "yaml";
import { type Problem, configPath } from "../config/config.ts";
import { configFindings } from "../config/findings.ts";
import type { Parsed } from "../config/parse-config.ts";
import { parseTargets } from "../config/parse-targets.ts";
import { gateYaml, yamlLimits } from "../text/yaml-gate.ts";
import { count } from "../text/count.ts";
import { problemsText } from "./problems-text.ts";
import { readLocalFiles } from "./local-files.ts";
import { type CommandIo, processIo } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Returns the exit code: 1 where anything is wrong. A file that cannot be read is a `UsageError`. */
export async function runValidate(file: string, io: CommandIo): Promise<number> {
  const text = await readText(file);
  const problems = isTargets(text) ? problemsOf(parseTargets(text, file)) : configProblems(text, file);
  if (problems.length === 0) {
    io.out(`${file} is fine.\n`);
    return 0;
  }
  io.error(`${problemsText(problems, text)}\n${count(problems.length, "problem")}.\n`);
  return 1;
}

async function readText(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  if (found === null) throw new UsageError(`${file} does not exist, or its folder cannot be read`);
  if (found.isDirectory()) throw new UsageError(`${file} is a folder: name a file in it`);
  if (found.size > yamlLimits.bytes) throw new UsageError(`${file} is over 1 MiB`);
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) throw new UsageError(`${file} cannot be read`);
  return new TextDecoder().decode(bytes);
}

/** A targets file is told by its keys. */
function isTargets(text: string): boolean {
  if (gateYaml(text) !== null) return false;
  const { contents } = parseDocument(text, { logLevel: "silent", uniqueKeys: false });
  return isMap(contents) && (contents.has("targets") || contents.has("reload"));
}

function problemsOf(parsed: Parsed<unknown>): readonly Problem[] {
  return parsed.ok ? [] : parsed.problems;
}

function configProblems(text: string, file: string): readonly Problem[] {
  const root = rootOf(file);
  const { problems, doubts } = configFindings(text, file, {
    paths: root === null ? [] : readPaths(root),
    now: new Date(),
  });
  return root === null ? problems : [...problems, ...doubts];
}

/** The repository of a configuration in its usual place; null elsewhere: then nothing can be said of its folders. */
function rootOf(file: string): string | null {
  const full = resolve(file);
  const usual = basename(dirname(full)) === dirname(configPath) && basename(full) === basename(configPath);
  return usual ? dirname(dirname(full)) : null;
}

function readPaths(root: string): readonly string[] {
  const seen: string[] = [];
  readLocalFiles(root, (path) => {
    seen.push(path);
    return false;
  });
  return seen;
}

export function registerValidate(program: Command): void {
  program
    .command("validate")
    .description(
      "checks a configuration or targets file: all problems with their places, and rules that never match",
    )
    .argument("[file]", "configuration or targets file", configPath)
    .action(async (file: string) => {
      process.exitCode = await runValidate(file, processIo());
    });
}
