/** What is wrong with the apps that other apps wait for: names that nobody has, and circles. */

import type { App } from "../model/app.ts";
import { matchedApps } from "./apps.ts";
import type { Config } from "./config.ts";
import type { SettingPath } from "./settings-text.ts";

/** One problem for each name of a `dependsOn`, where it stands. */
export function dependencyProblems(
  config: Pick<Config, "apps">,
  files: Iterable<string>,
): readonly { readonly path: SettingPath; readonly message: string }[] {
  const matched = matchedApps(config, files);
  const apps = matched.map(({ app }) => app);
  const seen = new Set<string>();
  return matched.flatMap(({ app, entry }) =>
    (app.dependsOn ?? []).flatMap((name, index) => {
      const path = ["apps", config.apps.indexOf(entry), "dependsOn", index] as const;
      const message = dependencyProblem(apps, app, name);
      const twice = seen.has(`${path.join(" ")} ${message}`);
      seen.add(`${path.join(" ")} ${message}`);
      return message === null || twice ? [] : [{ path, message }];
    }),
  );
}

/** Why an app would wait for ever for one that it names, as a sentence; null when it would not. */
export function dependencyProblem(apps: readonly App[], app: App, name: string): string | null {
  const awaited = apps.find((each) => each.name === name);
  if (awaited === undefined) return `"${app.name}" depends on "${name}", and no app has that name`;
  if (awaited.mode !== "apply") {
    return `"${app.name}" depends on "${name}", which is in mode ${awaited.mode}: only of what Lockkeeper applies it knows that it is healthy`;
  }
  const circle = wayBack(apps, app, awaited);
  return circle === null ? null : `a circle, so that none of them could begin: ${circle.join(" -> ")}`;
}

/** The names from an app through the one that it waits for back to itself. */
function wayBack(apps: readonly App[], app: App, awaited: App): readonly string[] | null {
  const ways: { readonly at: App; readonly names: readonly string[] }[] = [
    { at: awaited, names: [app.name, awaited.name] },
  ];
  const seen = new Set<string>();
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    if (way.at.name === app.name) return way.names;
    if (seen.has(way.at.name)) continue;
    seen.add(way.at.name);
    for (const name of way.at.dependsOn ?? []) {
      const at = apps.find((each) => each.name === name);
      if (at !== undefined) ways.push({ at, names: [...way.names, name] });
    }
  }
  return null;
}
