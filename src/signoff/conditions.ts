/** When a rule applies to a change, and which of the change's apps it covers. */

import { matchesGlob } from "../text/glob.ts";
import type { Change, Size, TouchedApp } from "./facts.ts";
import type { Lines, When } from "./rule.ts";

/** Whether some part of the change meets the conditions. */
export function applies(when: When, change: Change): boolean {
  if (when.kinds && !change.kinds.some((kind) => when.kinds?.includes(kind))) return false;
  const hands = [change.author.login, ...(change.pushers ?? [])];
  if (when.authors && !hands.some((login) => isNamed(when.authors ?? [], login))) return false;
  if (when.labels && !change.labels.some((label) => isNamed(when.labels ?? [], label))) return false;
  if (when.lines && !mayHold(when.lines, change.size)) return false;
  if (change.apps.some((app) => concerns(when, app))) return true;
  return pathsOutsideApps(when, change).length > 0;
}

/** The changed paths that a rule on paths alone is about; empty for every other rule. */
function pathsOutsideApps(when: When, change: Change): readonly string[] {
  const { paths } = when;
  if (paths === undefined || when.apps || when.environments) return [];
  return change.paths.filter((path) => matchesGlob(paths, path));
}

/** The changed files that a rule is about: those of the apps that it concerns, and what its paths name. */
export function filesOf(when: When, change: Change): readonly string[] {
  const ofApps = change.apps.filter((app) => concerns(when, app)).flatMap(({ paths }) => paths);
  return [...new Set([...ofApps, ...pathsOutsideApps(when, change)])].sort();
}

/**
 * A rule covers an app, so that the default is not asked for it, only when the whole of the app's change meets its
 * conditions: a lenient rule for patches must not let something else through beside a patch, nor one for a bot what
 * somebody else pushed to its branch. One by labels covers nothing, because anybody who may triage can set them.
 */
export function covers(when: When, app: TouchedApp, change: Change): boolean {
  if (!concerns(when, app) || when.labels) return false;
  if (when.kinds && !change.kinds.every((kind) => when.kinds?.includes(kind))) return false;
  if (when.lines && !surelyHolds(when.lines, change.size)) return false;
  const { authors, paths } = when;
  if (authors && !isOnlyBy(authors, change)) return false;
  return !paths || app.paths.every((path) => matchesGlob(paths, path));
}

export function concerns(when: When, app: TouchedApp): boolean {
  if (when.environments && !matchesGlob(when.environments, app.environment)) return false;
  if (when.apps && !matchesGlob(when.apps, app.name)) return false;
  const { paths } = when;
  return paths === undefined || app.paths.some((path) => matchesGlob(paths, path));
}

function isOnlyBy(authors: readonly string[], { author, pushers }: Change): boolean {
  return pushers !== null && [author.login, ...pushers].every((login) => isNamed(authors, login));
}

/** Logins and labels know no case. */
function isNamed(wanted: readonly string[], given: string): boolean {
  const name = given.toLowerCase();
  return wanted.some((one) => one.toLowerCase() === name || matchesName(one.toLowerCase(), name));
}

const bot = "[bot]";

/** At the end of a login `[bot]` is itself and no class of letters: anybody could register `renovateb`. */
function matchesName(glob: string, name: string): boolean {
  if (!glob.endsWith(bot)) return matchesGlob([glob], name);
  return name.endsWith(bot) && matchesGlob([glob.slice(0, -bot.length)], name.slice(0, -bot.length));
}

function mayHold({ atLeast = 0, atMost = Infinity }: Lines, { lines, exact }: Size): boolean {
  return lines <= atMost && (lines >= atLeast || !exact);
}

function surelyHolds({ atLeast = 0, atMost = Infinity }: Lines, { lines, exact }: Size): boolean {
  return lines >= atLeast && (atMost === Infinity || (exact && lines <= atMost));
}
