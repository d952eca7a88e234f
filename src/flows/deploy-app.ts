/** Reads from a commit what an app is. */

import { appsOf } from "../config/apps.ts";
import { configPath } from "../config/config.ts";
import { parseConfig } from "../config/parse-config.ts";
import type { App } from "../model/app.ts";
import type { Snapshot } from "../model/repository.ts";

/** All apps of a commit; none where there is no configuration that can be read (its own check says what is wrong). */
export function appsIn(snapshot: Snapshot): readonly App[] {
  const bytes = snapshot.files.get(configPath);
  if (bytes === undefined) return [];
  const config = parseConfig(new TextDecoder().decode(bytes), configPath);
  return config.ok ? appsOf(config.value, snapshot.files.keys()) : [];
}

export function appAt(snapshot: Snapshot, path: string): App | null {
  return appsIn(snapshot).find((app) => app.path === path) ?? null;
}
