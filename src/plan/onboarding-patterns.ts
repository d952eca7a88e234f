/** From folders that are apps to the few patterns that stand for them. */

import { holdsApps, holdsEnvironments, isEnvironment, namesEnvironment } from "./folder-words.ts";
import type { Folder } from "./onboarding-folders.ts";

/** Folders of one form. A part is a name, or one of the captures. */
export interface Form {
  readonly parts: readonly string[];
  readonly folders: readonly Folder[];
  /** Which part is the environment. */
  readonly environment: number | null;
}

export const captures = { group: "{group}", app: "{app}", environment: "{environment}" } as const;

/** As few forms as are like the folders: each folder is in exactly one of them. */
export function formsOf(folders: readonly Folder[]): readonly Form[] {
  const depths = Map.groupBy(folders, ({ length }) => length);
  return [...depths.values()].flatMap((alike) => extend({ parts: [], folders: alike, environment: null }));
}

/** Goes on with the next part, as often as there is one. */
function extend(form: Form): readonly Form[] {
  const { parts, folders } = form;
  const at = parts.length;
  if (folders[0]?.length === at) return [settled(form)];
  const environments = form.environment === null ? environmentsAt(form) : new Set<string>();
  const [named, others] = partition(folders, (names) => environments.has(names[at] ?? ""));
  if (named.length > 0) {
    const next = { parts: [...parts, captures.environment], folders: named, environment: at };
    return [...extend(next), ...(others.length > 0 ? extend({ ...form, folders: others }) : [])];
  }
  const capture = captureAt(form);
  if (capture !== null) return extend({ ...form, parts: [...parts, capture] });
  const byName = Map.groupBy(folders, (names) => names[at] ?? "");
  return [...byName].flatMap(([name, own]) => extend({ ...form, parts: [...parts, name], folders: own }));
}

function partition<T>(
  items: readonly T[],
  test: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

/** Which names of the next part are environments: by what they are called, by where they stand, or because they repeat. */
function environmentsAt({ parts, folders }: Form): ReadonlySet<string> {
  const at = parts.length;
  const values = valuesAt(folders, at);
  if (holdsEnvironments(parts[at - 1] ?? "")) return values;
  const known = [...values].filter(isEnvironment);
  if (known.length >= 2 || (known.length > 0 && known.length * 2 >= values.size)) return new Set(known);
  if (values.size >= 2 && [...values].every(namesEnvironment)) return values;
  const apart = gridAt(folders, at);
  const within = parts[at - 1] === captures.app ? gridAt(folders, at - 1) : null;
  return within !== null || (apart !== null && apart.own < apart.next) ? values : new Set();
}

/** How many names two parts have, where each of the one stands with each of the other. */
function gridAt(
  folders: readonly Folder[],
  at: number,
): { readonly own: number; readonly next: number } | null {
  const below = Map.groupBy(folders, (names) => names[at] ?? "");
  const sets = [...below.values()].map((own) => [...valuesAt(own, at + 1)].toSorted().join("/"));
  const next = valuesAt(folders, at + 1).size;
  return new Set(sets).size === 1 && sets.length >= 2 && next >= 2 ? { own: sets.length, next } : null;
}

function valuesAt(folders: readonly Folder[], at: number): ReadonlySet<string> {
  return new Set(folders.flatMap((names) => names[at] ?? []));
}

/** Parts further down are those of the apps where there are more names of them; else this one is. */
function captureAt({ parts, folders }: Form): string | null {
  const at = parts.length;
  const own = valuesAt(folders, at).size;
  if (isFirstApp(parts, folders)) return captures.app;
  // At the top of a repository folders of all sorts stand side by side.
  if (own < (at === 0 ? 3 : 2) || parts.includes(captures.app)) return null;
  const below = Math.max(
    0,
    ...(folders[0] ?? []).map((_, index) => (index > at ? namesBelow(folders, index) : 0)),
  );
  if (own > below || gridAt(folders, at) !== null) return captures.app;
  return own >= 3 && at > 0 && !parts.includes(captures.group) ? captures.group : null;
}

/** Where the folders round it say so, one app is enough to know where others will come. */
function isFirstApp(parts: readonly string[], folders: readonly Folder[]): boolean {
  const below = folders.flatMap((names) => names.slice(parts.length + 1));
  return (
    holdsApps(parts.at(-1) ?? "") && below.every((name) => isEnvironment(name) || holdsEnvironments(name))
  );
}

/** Environments vary on their own. */
function namesBelow(folders: readonly Folder[], at: number): number {
  const values = [...valuesAt(folders, at)];
  return values.every(isEnvironment) ? 0 : values.length;
}

/** A capture that has stood for one name only is that name, unless it is where apps are to come. */
function settled({ parts, folders, environment }: Form): Form {
  const first = folders[0] ?? [];
  const named = parts.map((part, at) => {
    const isFirst = part === captures.app && isFirstApp(parts.slice(0, at), folders);
    return valuesAt(folders, at).size === 1 && !isFirst ? (first[at] ?? part) : part;
  });
  return { parts: named, folders, environment };
}

/** The same folders in several forms, each with a name in place of a capture; nothing where none is left. */
export function narrower({ parts, folders, environment }: Form): readonly Form[] {
  const wide = [captures.environment, captures.group, captures.app].find((capture) =>
    parts.includes(capture),
  );
  if (wide === undefined) return [];
  const at = parts.indexOf(wide);
  return [...Map.groupBy(folders, (names) => names[at] ?? "")].map(([name, own]) => ({
    parts: parts.with(at, name),
    folders: own,
    environment,
  }));
}

export function isCapture(part: string): boolean {
  return Object.values(captures).some((capture) => capture === part);
}
