/** Parts of a configuration that no app of the repository can ever meet: almost always a slip of the pen. */

import type { App } from "../model/app.ts";
import type { When } from "../signoff/rule.ts";
import { matchesGlob } from "../text/glob.ts";
import { appsOf, holdsFile } from "./apps.ts";
import type { Config } from "./config.ts";
import { promotionsOf } from "./promotions.ts";
import type { SettingPath } from "./settings-text.ts";

/** Something that is valid and yet without effect. */
export interface Unreachable {
  readonly path: SettingPath;
  readonly message: string;
}

/** Finds entries, image rules and sign-off rules that match nothing of these files. */
export function findUnreachable(config: Config, files: readonly string[]): readonly Unreachable[] {
  const apps = appsOf(config, files);
  const entries = config.apps.flatMap((entry, index): readonly Unreachable[] => {
    if (appsOf({ apps: [entry] }, files).length > 0) return [];
    return [{ path: ["apps", index], message: `no folder of the repository matches "${entry.pattern}"` }];
  });
  return [
    ...entries,
    ...unreachableEnvironments(config, apps, files),
    ...unreachableMerges(config, apps),
    ...unreachableImages(config, apps),
    ...unreachableRules(config, apps, files),
  ];
}

/** Environments that nothing stands in, and apps that would wait for ever. */
function unreachableEnvironments(
  config: Config,
  apps: readonly App[],
  files: readonly string[],
): readonly Unreachable[] {
  const known = new Set(apps.map((app) => app.environment));
  const promotions = [...promotionsOf(config, files).values()];
  return [...config.environments].flatMap(([name, { from }]): readonly Unreachable[] => {
    const path = ["environments", name];
    if (!known.has(name)) return [{ path, message: `can never match: no app has the environment "${name}"` }];
    const origin = [...path, "promote", "from"];
    if (!known.has(from)) return [{ path: origin, message: `no app has the environment "${from}"` }];
    const waiting = promotions.filter(({ app }) => app.environment === name && app.mode !== "observe");
    return waiting.flatMap(({ app, before }) => {
      const why = whyWaitsForEver(before, from);
      return why === null
        ? []
        : [{ path: origin, message: `the app "${app.path}" is never offered anything: ${why}` }];
    });
  });
}

function unreachableMerges({ pulls }: Config, apps: readonly App[]): readonly Unreachable[] {
  const known = new Set(apps.map((app) => app.environment));
  return [...pulls.automerge.keys()].flatMap((name) =>
    known.has(name)
      ? []
      : [
          {
            path: ["pulls", "automerge", name],
            message: `can never match: no app has the environment "${name}"`,
          },
        ],
  );
}

function whyWaitsForEver(before: App | null, from: string): string | null {
  if (before === null) {
    return `no app in "${from}", or more than one, has the same folder but for the name of the environment`;
  }
  const { mode, engine = "own" } = before;
  return mode === "apply" || (mode === "gate" && engine !== "own")
    ? null
    : `"${before.path}" is in mode ${before.mode}, and only of what Lockkeeper applies, or Flux or Argo CD in mode gate, it knows that it is healthy`;
}

function unreachableImages(config: Config, apps: readonly App[]): readonly Unreachable[] {
  return config.images.flatMap((rule, index): readonly Unreachable[] => {
    const path = ["images", index] as const;
    const earlier = config.images.slice(0, index);
    const covered = earlier.some(
      (other) => (other.match === "**" || other.match === rule.match) && other.environments === undefined,
    );
    if (covered) return [{ path, message: "never used: an entry above takes every image of this one" }];
    const environments = rule.environments ?? ["**"];
    if (apps.some((app) => matchesGlob(environments, app.environment))) return [];
    return [{ path, message: `can never match: no app has the environment ${environments.join(" or ")}` }];
  });
}

function unreachableRules(
  config: Config,
  apps: readonly App[],
  files: readonly string[],
): readonly Unreachable[] {
  return config.signoff.rules.flatMap((rule, index): readonly Unreachable[] => {
    const message = whyNever(rule.when, apps, files);
    return message === null
      ? []
      : [{ path: ["signoff", "rules", index], message: `rule "${rule.name}" ${message}` }];
  });
}

function whyNever(when: When, apps: readonly App[], files: readonly string[]): string | null {
  const { environments, apps: names, paths } = when;
  const some = (text: (app: App) => string, globs: readonly string[] | undefined): boolean =>
    globs === undefined || apps.some((app) => matchesGlob(globs, text(app)));
  if (!some((app) => app.environment, environments))
    return `can never match: no app has the environment ${list(environments)}`;
  if (!some((app) => app.name, names)) return `can never match: no app is named ${list(names)}`;
  const fitting = apps.filter(
    (app) =>
      (environments === undefined || matchesGlob(environments, app.environment)) &&
      (names === undefined || matchesGlob(names, app.name)),
  );
  if (fitting.length === 0) return "can never match: no app of that name has that environment";
  if (paths === undefined) return null;
  const touched = files.some(
    (file) => matchesGlob(paths, file) && fitting.some((app) => holdsFile(app, file)),
  );
  return touched ? null : `matches no file of an app now: ${list(paths)}`;
}

function list(globs: readonly string[] | undefined): string {
  return (globs ?? []).map((glob) => `"${glob}"`).join(" or ");
}
