/** What a pull request is judged by: the configuration at the head of the default branch, never at its own. */

import { appsOf } from "../config/apps.ts";
import { type Config, type Problem, configPath } from "../config/config.ts";
import { parseConfig } from "../config/parse-config.ts";
import type { App } from "../model/app.ts";
import { type Result, ok } from "../model/failure.ts";
import type { Tip, Snapshot } from "../model/repository.ts";
import type { Code } from "../ports/forge.ts";
import type { Task, Threads } from "../ports/threads.ts";
import { blobId } from "./blob-id.ts";

/**
 * - `absent`: the repository has no configuration; nothing of it is judged.
 * - `broken`: it has one that is not understood. No earlier one is used in its place.
 *
 * `blob` is Git's id of the file; empty where it could not be read.
 */
export type Policy =
  | { readonly type: "absent"; readonly base: Tip }
  | {
      readonly type: "broken";
      readonly base: Tip;
      readonly blob: string;
      readonly problems: readonly Problem[];
    }
  | {
      readonly type: "rules";
      readonly base: Tip;
      readonly blob: string;
      readonly config: Config;
      /** Every file of the default branch. */
      readonly paths: readonly string[];
    };

/** `base` is the tip of the default branch now. */
export async function readPolicy(threads: Threads, code: Code, base: Tip): Promise<Result<Policy>> {
  const snapshot = await code.snapshot(base.sha);
  if (!snapshot.ok) return snapshot;
  const found = await configOf(threads, snapshot.value);
  if (found === null) return ok({ type: "absent", base });
  const bytes = snapshot.value.files.get(configPath);
  const blob = bytes === undefined ? "" : blobId(bytes);
  if ("problems" in found) return ok({ type: "broken", base, blob, problems: found.problems });
  return ok({ type: "rules", base, blob, config: found.config, paths: [...snapshot.value.files.keys()] });
}

type ConfigRead = { readonly config: Config } | { readonly problems: readonly Problem[] };

/** A configuration of so many bytes is read within some milliseconds, whatever it says. */
const smallBytes = 8 * 1024;

export const readConfig: Task<Uint8Array, ConfigRead> = {
  module: import.meta.url,
  name: "readConfig",
  isSmall: (bytes) => bytes.length <= smallBytes,
  run: (bytes) => {
    const parsed = parseConfig(new TextDecoder().decode(bytes), configPath);
    return [parsed.ok ? { config: parsed.value } : { problems: parsed.problems }];
  },
};

/** The configuration of a commit, what is wrong with it, or null where it has none. */
export async function configOf(threads: Threads, snapshot: Snapshot): Promise<ConfigRead | null> {
  const skipped = snapshot.skipped.get(configPath);
  if (skipped !== undefined) return unread(skipped);
  const bytes = snapshot.files.get(configPath);
  if (bytes === undefined) return null;
  const read = await threads.first(readConfig, bytes);
  return read.ok ? read.value : unread(`reading the file ${read.failure.message}`);
}

function unread(message: string): ConfigRead {
  return { problems: [{ file: configPath, line: 1, column: 1, message }] };
}

/** The apps that changes of these paths are judged by: those of the default branch, and those that the paths would add. */
export function judgedApps(
  policy: Extract<Policy, { type: "rules" }>,
  paths: readonly string[],
): readonly App[] {
  return appsOf(policy.config, [...policy.paths, ...paths]).filter((app) => app.mode !== "observe");
}

/** Whether Lockkeeper does more in this repository than look: else it judges changes of the configuration alone. */
export function judgesApps(policy: Extract<Policy, { type: "rules" }>): boolean {
  return appsOf(policy.config, policy.paths).some((app) => app.mode !== "observe");
}
