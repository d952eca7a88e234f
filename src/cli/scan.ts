/** `lockkeeper scan`: the images of a folder and what they could become. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { appsOf, holdsFile } from "../config/apps.ts";
import { type Config, configPath } from "../config/config.ts";
import { parseConfig } from "../config/parse-config.ts";
import { atOnce, failureReason, listCandidates } from "../flows/scan/image-candidates.ts";
import { editFile } from "../flows/scan/edit-file.ts";
import { findImages } from "../flows/scan/find-images.ts";
import { inFlight } from "../flows/in-flight.ts";
import type { Found, SkippedPlace } from "../manifests/find-occurrences.ts";
import { mayBeManifest } from "../manifests/manifest-files.ts";
import { parseImageReference } from "../model/image.ts";
import type { Occurrence } from "../model/update.ts";
import { policyFor } from "../plan/image-rule.ts";
import type { Registry } from "../ports/registry.ts";
import type { Threads } from "../ports/threads.ts";
import { policyText } from "../tags/policy-text.ts";
import { createThreads } from "../threads/create-threads.ts";
import { problemsText } from "./problems-text.ts";
import { type LocalFiles, readLocalFiles } from "./local-files.ts";
import { openLocalRegistry, registryHelp } from "./local-registry.ts";
import { count } from "../text/count.ts";
import { type ScannedImage, scanJson, scanText } from "./scan-report.ts";
import { type CommandIo, processIo } from "./terminal.ts";

interface Options {
  readonly json?: boolean;
  readonly write?: boolean;
}

/** Returns the exit code: 1 where the configuration is broken, a registry does not answer or an edit is refused. */
export async function runScan(folder: string, options: Options, io: CommandIo): Promise<number> {
  const local = readLocalFiles(folder, (path) => mayBeManifest(path) || path === configPath);
  const config = readConfig(local, io);
  if (config === null) return 1;
  const { registry, notices } = await openLocalRegistry(io.env);
  for (const notice of notices) io.error(`${notice}\n`);
  const threads = createThreads();
  try {
    const found = await readImages(threads, local, config);
    const images = await judge(found.occurrences, { config, local, registry, threads, io });
    const report = { images, skipped: found.skipped, registryRequests: registry.requests };
    io.out(options.json === true ? scanJson(report) : `${scanText(report)}\n`);
    const written = options.write === true ? await writeEdits({ folder, local, threads, io }, images) : true;
    return written && !images.some(({ failed }) => failed) ? 0 : 1;
  } finally {
    threads.close();
  }
}

const noConfig: Pick<Config, "apps" | "images" | "shapes"> = { apps: [], images: [], shapes: [] };

/** Null, with the problems told, where there is one that is not understood. */
function readConfig({ files }: LocalFiles, io: CommandIo): typeof noConfig | null {
  const bytes = files.get(configPath);
  if (bytes === undefined) return noConfig;
  const text = new TextDecoder().decode(bytes);
  const parsed = parseConfig(text, configPath);
  if (!parsed.ok) io.error(problemsText(parsed.problems, text));
  return parsed.ok ? parsed.value : null;
}

/** A file of so many bytes is read within some milliseconds, whatever it says. */
const hereBytes = 32 * 1024;

async function readImages(threads: Threads, local: LocalFiles, config: typeof noConfig): Promise<Found> {
  const occurrences: Occurrence[] = [];
  const skipped = [...local.skipped].map(([file, reason]): SkippedPlace => ({ file, line: 1, reason }));
  const surroundings = { files: local.files, kinds: config.shapes };
  await findImages({ threads, surroundings, hereBytes }, (_, found) => {
    for (const occurrence of found.occurrences) occurrences.push(occurrence);
    for (const place of found.skipped) skipped.push(place);
  });
  return { occurrences, skipped };
}

interface Judging {
  readonly config: typeof noConfig;
  readonly local: LocalFiles;
  readonly registry: Registry;
  readonly threads: Threads;
  readonly io: CommandIo;
}

async function judge(
  occurrences: readonly Occurrence[],
  { config, local, registry, threads, io }: Judging,
): Promise<readonly ScannedImage[]> {
  const apps = appsOf(config, local.files.keys());
  const wishes = occurrences.flatMap((occurrence) => {
    const parsed = parseImageReference(occurrence.image);
    if (!parsed.ok) return [];
    const { tag, digest } = occurrence;
    const image = { ...parsed.value, tag: tag ?? undefined, digest: digest ?? undefined };
    const app = apps.find((one) => holdsFile(one, occurrence.file));
    const about = { image, statement: occurrence.statement, edits: occurrence.edits };
    return [{ occurrence, image, ...policyFor(config.images, about, app?.environment ?? null) }];
  });
  const find = await listCandidates(
    { registry, threads, clock: { now: () => new Date() } },
    wishes,
    (done, all) => io.watched && io.error(`\rlisting tags: ${done} of ${all}${done === all ? "\n" : ""}`),
  );
  return inFlight(atOnce, wishes, async (wish): Promise<ScannedImage> => {
    const candidate = await find(wish);
    const about = { occurrence: wish.occurrence, policy: policyText(wish.policy.policy) };
    if (candidate.ok) {
      return { ...about, to: candidate.value.to, reason: candidate.value.reason, failed: false };
    }
    return { ...about, to: null, reason: failureReason(candidate.failure), failed: true };
  });
}

/** Each file is written once, with all its edits, or not at all. False where one was refused. */
async function writeEdits(
  { folder, local, threads, io }: Omit<Judging, "config" | "registry"> & { readonly folder: string },
  images: readonly ScannedImage[],
): Promise<boolean> {
  const edits = images.flatMap(({ occurrence, to }) => (to === null ? [] : [{ occurrence, to }]));
  const files = new Set(edits.map(({ occurrence }) => occurrence.file));
  let refused = 0;
  for (const file of files) {
    const own = edits.filter(({ occurrence }) => occurrence.file === file);
    const bytes = local.files.get(file) ?? new Uint8Array();
    const edited = await editFile(threads, file, { bytes, edits: own });
    if (edited.ok) await writeFile(join(folder, file), edited.value);
    else {
      refused += 1;
      io.error(`${file} is left as it is: ${edited.failure.message}\n`);
    }
  }
  io.error(`${count(files.size - refused, "file")} changed.\n`);
  return refused === 0;
}

export function registerScan(program: Command): void {
  program
    .command("scan")
    .description("images of a local folder and what they could become")
    .argument("[dir]", "folder to read, with .github/lockkeeper.yml if it has one", ".")
    .option("--json", "print one line of JSON")
    .option("--write", "edit the files in place: the bytes of the image references and no others")
    .addHelpText("after", registryHelp)
    .action(async (folder: string, options: Options) => {
      process.exitCode = await runScan(folder, options, processIo());
    });
}
