/** Which app of the environment before it each app waits for. */

import type { App } from "../model/app.ts";
import { capturesOf } from "./app-pattern.ts";
import { type MatchedApp, matchedApps } from "./apps.ts";
import type { Config } from "./config.ts";
import type { Promotion } from "./environment-settings.ts";

export interface AppPromotion extends Promotion {
  readonly app: App;
  /** What the app waits for; null where there is none, or nobody could say which of several it is. */
  readonly before: App | null;
}

/** By the path of the app; only of those in an environment that waits for another. */
export function promotionsOf(
  config: Pick<Config, "apps" | "environments">,
  files: Iterable<string>,
): ReadonlyMap<string, AppPromotion> {
  if (config.environments.size === 0) return new Map();
  const all = matchedApps(config, files);
  const places = new Map<string, App[]>();
  for (const matched of all) {
    const key = placeKey(matched.app.environment, placeOf(matched));
    places.set(key, [...(places.get(key) ?? []), matched.app]);
  }
  return new Map(
    all.flatMap((matched) => {
      const { app } = matched;
      const promotion = config.environments.get(app.environment);
      if (promotion === undefined) return [];
      const [before = null, ...others] = places.get(placeKey(promotion.from, placeOf(matched))) ?? [];
      return [[app.path, { ...promotion, app, before: others.length > 0 ? null : before }] as const];
    }),
  );
}

function placeKey(environment: string, place: string): string {
  return JSON.stringify([environment, place]);
}

/**
 * The folder of an app, with what makes its environment left blank: captures that its environment is made of, and the name
 * of the environment where the entry writes it out. `apps/web/staging` and `apps/web/production` are `apps/web/{}` both.
 */
function placeOf({ app, entry, captures }: MatchedApp): string {
  const making = capturesOf(entry.environment ?? entry.name ?? `{${capturesOf(entry.pattern).join("}{")}}`);
  const folders = app.path.split("/");
  const parts = entry.pattern.split("/").map((part, index) => {
    if (part.includes("*")) return folders[index];
    const literal = withoutWord(part, app.environment);
    return literal.replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
      making.includes(name) ? "{}" : (captures[name] ?? ""),
    );
  });
  return parts.join("/");
}

/** Outside of captures, and only where it stands between other signs than letters and digits. */
function withoutWord(part: string, word: string): string {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const alone = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "gu");
  return part
    .split(/(\{[^{}]*\})/)
    .map((piece) => (piece.startsWith("{") ? piece : piece.replaceAll(alone, "{}")))
    .join("");
}
