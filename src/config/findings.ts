/** Everything that is to be said of a configuration together with the files of its repository. */

import { appProblems, appsOf } from "./apps.ts";
import type { Config, Problem } from "./config.ts";
import { dependencyProblems } from "./dependencies.ts";
import { parseConfig } from "./parse-config.ts";
import { idleFreezes, ownersWithoutFile } from "./unreachable-signoff.ts";
import { findUnreachable } from "./unreachable.ts";

export interface Findings {
  /** Null where the text is not understood; then `problems` says why. */
  readonly config: Config | null;
  /** Of the text; and apps that wait for what never comes. */
  readonly problems: readonly Problem[];
  /** Valid and yet without effect, or not as it is meant: apps that overlap, entries that match nothing. */
  readonly doubts: readonly Problem[];
}

/** `paths` are those of all files of the commit; `file` only names the configuration in problems. */
export function configFindings(
  text: string,
  file: string,
  { paths, now }: { readonly paths: readonly string[]; readonly now: Date },
): Findings {
  const parsed = parseConfig(text, file);
  if (!parsed.ok) return { config: null, problems: parsed.problems, doubts: [] };
  const apps = parsed.locate(["apps"]);
  const overlaps = appProblems(appsOf(parsed.value, paths)).map((message) => ({ file, ...apps, message }));
  const environments = appsOf(parsed.value, paths).map(({ environment }) => environment);
  const idle = [
    ...findUnreachable(parsed.value, paths),
    ...idleFreezes(parsed.value, environments, now),
    ...ownersWithoutFile(parsed.value, paths),
  ];
  const unreachable = idle.map(({ path, message }) => ({
    file,
    ...parsed.locate(path),
    message,
  }));
  const problems = dependencyProblems(parsed.value, paths).map(({ path, message }) => ({
    file,
    ...parsed.locate(path),
    message,
  }));
  return { config: parsed.value, problems, doubts: [...overlaps, ...unreachable] };
}
