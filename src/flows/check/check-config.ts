/** Checks a pull request that edits the configuration: what is wrong with it, and what it would change. */

import { createHash } from "node:crypto";
import { type Problem, configPath } from "../../config/config.ts";
import { type Findings, configFindings } from "../../config/findings.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Comparison } from "../../model/pull.ts";
import type { RepositoryRef, Snapshot } from "../../model/repository.ts";
import { type ConfigChange, configChange } from "../../plan/config-change.ts";
import { configBlocks, configTitle } from "../../plan/config-report.ts";
import type { Annotation, CheckReport } from "../../ports/checks.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import type { Task } from "../../ports/threads.ts";
import { configCheck } from "../../signoff/check-name.ts";
import { fitBlocks } from "../../text/markdown.ts";
import { configOf } from "../policy.ts";
import { publishReport } from "./check-publish.ts";
import { surveyCommit } from "../scan/scan-survey.ts";
import type { World } from "../world.ts";

interface FindingsInput {
  readonly bytes: Uint8Array;
  readonly paths: readonly string[];
  readonly now: Date;
}

/** As a task, as anybody who can open a pull request writes the file. */
export const findInConfig: Task<FindingsInput, Findings> = {
  module: import.meta.url,
  name: "findInConfig",
  run: ({ bytes, ...about }) => [configFindings(new TextDecoder().decode(bytes), configPath, about)],
};

/** Where the pull request stands. */
export interface Site {
  readonly world: World;
  readonly repository: RepositoryRef;
  readonly forge: RepositoryForge;
  /** The head of the pull request. */
  readonly sha: string;
  /** The tip of the default branch. */
  readonly base: string;
}

/**
 * Says in a check of its own what the configuration of a commit is worth; nothing where the commit does not change it.
 * It is read as text and never followed: what holds is the configuration of the default branch.
 */
export async function checkConfig(site: Site, { files }: Comparison): Promise<Result<void>> {
  const changed = files.some(({ path, previousPath }) => path === configPath || previousPath === configPath);
  if (!changed) return ok(undefined);
  const report = await reportOf(site);
  if (!report.ok) return report;
  const { world, repository, forge } = site;
  const published = await publishReport(world, repository, forge.checks, report.value);
  return published.ok ? ok(undefined) : published;
}

async function reportOf(site: Site): Promise<Result<CheckReport>> {
  const { world, forge, sha } = site;
  const proposed = await forge.code.snapshot(sha);
  if (!proposed.ok) return proposed;
  const findings = await findingsOf(world, proposed.value);
  if (findings.config === null) return ok(checkReport(sha, findings, null));
  const after = { config: findings.config, paths: [...proposed.value.files.keys()] };
  const change = await changeOf(site, after);
  return change.ok ? ok(checkReport(sha, findings, change.value)) : change;
}

async function findingsOf({ threads, clock }: World, { files, skipped }: Snapshot): Promise<Findings> {
  const bytes = files.get(configPath);
  const why = skipped.get(configPath);
  if (why !== undefined) return unread("problems", why);
  if (bytes === undefined) return unread("doubts", "without this file Lockkeeper does nothing here any more");
  const found = await threads.first(findInConfig, { bytes, paths: [...files.keys()], now: clock.now() });
  return found.ok ? found.value : unread("problems", `reading the file ${found.failure.message}`);
}

function unread(kind: "problems" | "doubts", message: string): Findings {
  const said = [{ file: configPath, line: 1, column: 1, message }];
  return { config: null, problems: [], doubts: [], [kind]: said };
}

async function changeOf(
  { world, repository, forge, base }: Site,
  after: Parameters<typeof configChange>[1],
): Promise<Result<ConfigChange>> {
  const present = await forge.code.snapshot(base);
  if (!present.ok) return present;
  const read = await configOf(world.threads, present.value);
  const config = read !== null && "config" in read ? read.config : null;
  const survey = await surveyCommit(world, repository, forge.code, base);
  if (!survey.ok) return survey;
  const places = survey.value === null || "problems" in survey.value ? [] : survey.value.places;
  return ok(configChange({ config, paths: [...present.value.files.keys()] }, after, places));
}

function checkReport(sha: string, found: Findings, change: ConfigChange | null): CheckReport {
  const { problems, doubts } = found;
  const title = configTitle(found);
  const summary = fitBlocks(configBlocks(found, change));
  const conclusion = problems.length > 0 ? "failure" : "success";
  const told = JSON.stringify([conclusion, title, summary]);
  const annotations = [
    ...problems.map((problem) => annotation(problem, "failure")),
    ...doubts.map((problem) => annotation(problem, "warning")),
  ];
  const externalId = createHash("sha256").update(told).digest("hex");
  return { name: configCheck, sha, externalId, conclusion, title, summary, annotations };
}

function annotation({ line, message }: Problem, level: Annotation["level"]): Annotation {
  return { path: configPath, line, level, message };
}
