/** `lockkeeper explain`: every tag of an image and why it would be taken or not. */

import { homedir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { type ImageReference, parseImageReference } from "../model/image.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { createCredentialHelpers } from "../registry/credential-helper.ts";
import { readDockerConfig } from "../registry/docker-config.ts";
import { chooseTag } from "../tags/choose-tag.ts";
import { newestVersion } from "../tags/policy.ts";
import { parseRange } from "../tags/semver.ts";
import type { TagChoice } from "../tags/tag-choice.ts";
import { UsageError } from "./usage-error.ts";

interface Options {
  /** `semver` or `semver:RANGE`. */
  readonly policy?: string;
  readonly json?: boolean;
}

/** What the command uses of its process. */
export interface ExplainIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Returns the exit code: 0, or 1 where the registry does not answer. A wrong argument is a `UsageError`. */
export async function runExplain(written: string, options: Options, io: ExplainIo): Promise<number> {
  const image = parseImageReference(written);
  if (!image.ok) {
    throw new UsageError(`${image.failure.message}; an image is written as [registry/]repository[:tag]`);
  }
  const range = rangeOf(options.policy ?? "semver");
  const folder = io.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  const docker = await readDockerConfig(folder, createCredentialHelpers(io.env));
  if (!docker.ok) throw new UsageError(docker.failure.message);
  const insecureHosts = (io.env["LOCKKEEPER_INSECURE_REGISTRIES"] ?? "").split(/[\s,]+/).filter(Boolean);
  const registry = createRegistry({ insecureHosts, credentials: docker.value.credentials });
  const list = await registry.tags(image.value);
  if (!list.ok) {
    const lines = [`lockkeeper: ${list.failure.message}`, ...docker.value.notices];
    io.error(`${lines.join("\n")}\n`);
    return 1;
  }
  const current = image.value.tag ?? null;
  const choice = chooseTag(
    { current, tags: list.value.tags },
    { ...newestVersion, policy: { type: "semver", range, dialect: "node" } },
  );
  if (!choice.ok) throw new UsageError(choice.failure.message);
  io.out(options.json === true ? asJson(image.value, choice.value) : asText(choice.value));
  return 0;
}

/** The range behind `semver:`, null without one. */
function rangeOf(policy: string): string | null {
  if (policy === "semver") return null;
  const range = /^semver:(.+)$/.exec(policy)?.[1];
  if (range === undefined) {
    throw new UsageError(`unknown policy "${policy}"; write semver, or semver:RANGE as in "semver:^1.2"`);
  }
  const parsed = parseRange(range);
  if (!parsed.ok) throw new UsageError(parsed.failure.message);
  return range;
}

function asJson(image: ImageReference, choice: TagChoice): string {
  return `${JSON.stringify({ image: image.name, current: image.tag ?? null, ...choice })}\n`;
}

function asText({ candidates, kind, reason, skipped }: TagChoice): string {
  const width = Math.max(0, ...candidates.map(({ tag }) => tag.length));
  const lines = candidates.map(
    ({ tag, verdict, reason: why }) => `  ${tag.padEnd(width)}  ${verdict.padEnd(14)}  ${why}\n`,
  );
  const others =
    skipped === 0 ? "" : `  and ${skipped} ${skipped === 1 ? "tag that is" : "tags that are"} no version\n`;
  return `${lines.join("")}${others}${reason}${kind === null ? "" : ` (${kind})`}\n`;
}

export function registerExplain(program: Command): void {
  program
    .command("explain")
    .description("every tag of an image, and why it would be taken or not")
    .argument("<image>", "[registry/]repository[:tag]")
    .option("--policy <policy>", 'semver, or semver:RANGE as in "semver:^1.2"', "semver")
    .option("--json", "print the whole answer as one line of JSON")
    .addHelpText(
      "after",
      "\nReads credentials from DOCKER_CONFIG (a folder, default ~/.docker) and the hosts that may be plain http\n" +
        "or private from LOCKKEEPER_INSECURE_REGISTRIES (separated by commas).",
    )
    .action(async (image: string, options: Options) => {
      process.exitCode = await runExplain(image, options, {
        env: process.env,
        out: (text) => void process.stdout.write(text),
        error: (text) => void process.stderr.write(text),
      });
    });
}
