/** What the apps of an entry are called, so that no two of the repository have one name. */

import { capturesOf } from "../config/app-pattern.ts";
import { holdsEnvironments } from "./folder-words.ts";
import { type AppsEntry, pathOf } from "./onboarding-entries.ts";
import type { Folder } from "./onboarding-folders.ts";
import { type Form, captures, isCapture } from "./onboarding-patterns.ts";

/** By entry: the template of its names. The shortest is taken with which no app is called like another. */
export function namesFor(entries: readonly AppsEntry[]): ReadonlyMap<AppsEntry, string> {
  const chosen = new Map(entries.map((entry) => [entry, 0]));
  for (;;) {
    const twins = twinsOf(chosen);
    if (twins.size === 0) break;
    for (const entry of twins)
      chosen.set(entry, Math.min(templates.length - 1, (chosen.get(entry) ?? 0) + 1));
  }
  return new Map([...chosen].map(([entry, at]) => [entry, templateOf(entry, at)]));
}

/** The last one is the path, which is never that of another. */
const templates: readonly ((form: Form) => string)[] = [
  shortName,
  ({ parts }) => parts.join("-") || "repository",
  ({ parts }) => pathOf(parts),
];

function templateOf({ form }: AppsEntry, at: number): string {
  return (templates[at] ?? shortName)(form);
}

/** Entries of which an app has the name of another, as long as there is another name for them. */
function twinsOf(chosen: ReadonlyMap<AppsEntry, number>): ReadonlySet<AppsEntry> {
  const owners = new Map<string, Set<AppsEntry>>();
  const twins = new Set<AppsEntry>();
  for (const [entry, at] of chosen) {
    const template = templateOf(entry, at);
    for (const folder of entry.matched) {
      const name = nameAt(entry.form, template, folder);
      const others = owners.get(name);
      for (const other of others === undefined ? [] : [...others, entry]) twins.add(other);
      owners.set(name, (others ?? new Set()).add(entry));
    }
  }
  return new Set([...twins].filter((entry) => (chosen.get(entry) ?? 0) < templates.length - 1));
}

function nameAt({ parts }: Form, template: string, folder: Folder): string {
  return parts.reduce(
    (name, part, at) => (isCapture(part) ? name.replaceAll(part, () => folder[at] ?? part) : name),
    template,
  );
}

/** Group, app and environment, as far as the folders say them. */
function shortName({ parts, environment }: Form): string {
  const others = parts.filter((part, at) => at !== environment && !holdsEnvironments(part));
  const app = others.includes(captures.app)
    ? captures.app
    : others.findLast((part) => part !== captures.group);
  const group = others.includes(captures.group) ? [captures.group] : [];
  const place = environment === null ? [] : [parts[environment] ?? ""];
  return [...group, ...(app === undefined ? [] : [app]), ...place].join("-") || "repository";
}

/** The name that apps have where the configuration gives none. */
export function defaultName({ parts }: Form): string {
  const found = capturesOf(pathOf(parts));
  return found.length > 0 ? found.map((name) => `{${name}}`).join("-") : (parts.at(-1) ?? ".");
}
