/** From the text of `.github/lockkeeper.yml` to the configuration, or to everything that is wrong with it. */

import type { z } from "zod";
import type { Config, Problem } from "./config.ts";
import { imagePolicyOf } from "./image-settings.ts";
import { issueProblems } from "./issue-problems.ts";
import { type ConfigInput, configSchema } from "./schema.ts";
import { kindPathsOf } from "./shape-settings.ts";
import { type SettingsText, readSettings } from "./settings-text.ts";

/** A settings file that was understood, or all its problems in the order of the file. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T; readonly locate: SettingsText["locate"] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a configuration; `file` only names it in problems. A setting that cannot be honoured yet is a problem. */
export function parseConfig(text: string, file: string): Parsed<Config> {
  const parsed = parseSettings(text, file, configSchema);
  return parsed.ok ? { ...parsed, value: configOf(parsed.value) } : parsed;
}

/** Reads a settings file by a schema: the part that configuration and targets share. */
export function parseSettings<T extends z.ZodType>(
  text: string,
  file: string,
  schema: T,
): Parsed<z.output<T>> {
  const settings = readSettings(text, file);
  if (!("value" in settings)) return { ok: false, problems: settings.problems };
  const checked = schema.safeParse(settings.value, { reportInput: true });
  const issues = checked.success ? [] : issueProblems(file, settings, schema, checked.error.issues);
  const problems = [...settings.problems, ...issues].toSorted(
    (a, b) => a.line - b.line || a.column - b.column,
  );
  if (!checked.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: checked.data, locate: settings.locate };
}

function configOf(input: ConfigInput): Config {
  return {
    apps: input.apps.map((entry) => ({
      pattern: entry.match ?? entry.path ?? ".",
      name: entry.name,
      namespace: entry.namespace,
      environment: entry.environment,
      mode: entry.mode,
      engine: entry.engine,
      prune: entry.prune,
      drift: entry.drift,
      waitSeconds: entry.wait,
      rollback: entry.rollback,
      dependsOn: entry.dependsOn,
      takeOver: entry.takeOver,
      conflicts: entry.conflicts,
      recreate: entry.recreate,
      ignore: entry.ignore,
      extras: entry.extras,
      ...(entry.helm !== undefined && { helm: entry.helm }),
    })),
    environments: input.environments,
    images: input.images.map((entry) => ({
      match: entry.match,
      environments: entry.environments,
      ...imagePolicyOf(entry),
    })),
    shapes: input.shapes.map(kindPathsOf),
    pulls: input.pulls,
    signoff: input.signoff,
  };
}
