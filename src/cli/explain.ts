/** `lockkeeper explain`: every tag of an image and why it would be taken or not. */

import { type Command, Option } from "commander";
import { chooseAndExplain } from "../flows/scan/choose-task.ts";
import { admitImage } from "../flows/scan/image-admission.ts";
import { chooseNewestBuild } from "../flows/scan/newest-build.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import { type ImageReference, parseImageReference } from "../model/image.ts";
import type { Registry } from "../ports/registry.ts";
import type { Threads } from "../ports/threads.ts";
import type { ImagePolicy } from "../tags/policy.ts";
import type { TagChoice } from "../tags/tag-choice.ts";
import { createThreads } from "../threads/create-threads.ts";
import { type ExplainOptions, explainPolicy } from "./explain-policy.ts";
import { openLocalRegistry, registryHelp } from "./local-registry.ts";
import { UsageError } from "./usage-error.ts";

interface Options extends ExplainOptions {
  readonly json?: boolean;
}

/** What the command uses of its process. */
export interface ExplainIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Ages are told by it; default: the system's. */
  readonly now?: () => Date;
}

/** Returns the exit code: 0, or 1 where the registry does not answer. A wrong argument is a `UsageError`. */
export async function runExplain(written: string, options: Options, io: ExplainIo): Promise<number> {
  const image = parseImageReference(written);
  if (!image.ok) {
    throw new UsageError(`${image.failure.message}; an image is written as [registry/]repository[:tag]`);
  }
  const policy = explainPolicy(options);
  const { registry, notices } = await openLocalRegistry(io.env);
  const now = io.now?.() ?? new Date();
  const threads = createThreads();
  const choice = await explain({ registry, threads, now }, image.value, policy).finally(() =>
    threads.close(),
  );
  if (!choice.ok) {
    io.error(`${[`lockkeeper: ${choice.failure.message}`, ...notices].join("\n")}\n`);
    return 1;
  }
  io.out(options.json === true ? asJson(image.value, choice.value) : asText(choice.value));
  return 0;
}

/** An image without a tag could be moved nowhere, so no image behind its tags is looked at. */
async function explain(
  { registry, threads, now }: { registry: Registry; threads: Threads; now: Date },
  image: ImageReference,
  policy: ImagePolicy,
): Promise<Result<TagChoice>> {
  const list = await registry.tags(image);
  if (!list.ok) return list;
  const reader = { ...reading(registry), threads, now };
  const question = { current: image.tag ?? null, tags: list.value.tags };
  const byName = await threads.first(chooseAndExplain, { question, policy });
  if (!byName.ok) return fail(byName.failure.code, `judging its tags ${byName.failure.message}`);
  if (!byName.value.ok) throw new UsageError(byName.value.failure.message);
  const dated = policy.policy.type === "newest-build";
  const choice = dated ? await chooseNewestBuild(reader, { image, policy }, question.tags) : byName.value;
  if (!choice.ok) return choice;
  const judged = await admitImage(reader, { image, policy }, choice.value);
  return judged.ok ? ok(judged.value.choice) : judged;
}

function reading(registry: Registry): Pick<Registry, "resolve" | "platforms" | "created"> {
  return {
    resolve: (image, tag) => registry.resolve(image, tag),
    platforms: (image, reference) => registry.platforms(image, reference),
    created: (image, reference) => registry.created(image, reference),
  };
}

function asJson(image: ImageReference, choice: TagChoice): string {
  const { followers: _, ...told } = choice;
  return `${JSON.stringify({ image: image.name, current: image.tag ?? null, ...told })}\n`;
}

function asText({ candidates, kind, noun, reason, skipped }: TagChoice): string {
  const width = Math.max(0, ...candidates.map(({ tag }) => tag.length));
  const lines = candidates.map(
    ({ tag, verdict, reason: why }) => `  ${tag.padEnd(width)}  ${verdict.padEnd(14)}  ${why}\n`,
  );
  const others =
    skipped === 0 ? "" : `  and ${skipped} ${skipped === 1 ? "tag that is" : "tags that are"} no ${noun}\n`;
  return `${lines.join("")}${others}${reason}${kind === null ? "" : ` (${kind})`}\n`;
}

const policyHelp = `
Policies:
  semver, semver:RANGE         versions, within a range of node-semver: "semver:^1.2"
  masterminds:RANGE            versions and ranges as Flux reads them: "masterminds:>=1.0-0"
  calver:FORMAT                dates by a format: calver:YYYY.0M.MICRO, calver:YYYYMMDD
  numerical, numerical:desc    numbers of any length, the highest or the lowest
  alphabetical[:desc]          by code unit, the last or the first
  masterminds-coerced[:RANGE]  as Argo CD Image Updater reads them: 1.2 is 1.2.0
  newest-build                 the image that was made last, as Argo CD Image Updater has it
  regex:PATTERN, loose         versionings of Renovate's
  digest                       the same tag, by what it points at
`;

export function registerExplain(program: Command): void {
  program
    .command("explain")
    .description("every tag of an image, and why it would be taken or not")
    .argument("<image>", "[registry/]repository[:tag]")
    .option("--policy <policy>", "how tags are ordered, see below", "semver")
    .option("--pattern <pattern>", "only tags that match it, in the syntax of RE2")
    .option("--extract <template>", "what the policy reads of a tag: $1 or $name, the pattern's groups")
    .option("--ignore <globs...>", "tags to leave out")
    .option("--prerelease", "prereleases may follow releases")
    .option("--minimum-age <duration>", "only images that are so old: 3d, 12h")
    .addOption(
      new Option("--platforms <platforms...>", "only images that have them (default: those of the image)"),
    )
    .option("--json", "print the whole answer as one line of JSON")
    .addHelpText("after", policyHelp + registryHelp)
    .action(async (image: string, options: Options) => {
      process.exitCode = await runExplain(image, options, {
        env: process.env,
        out: (text) => void process.stdout.write(text),
        error: (text) => void process.stderr.write(text),
      });
    });
}
