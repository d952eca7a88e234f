/** From the forms of an app's folders to entries of `apps` that match them, and nothing that is no app. */

import { patternProblem } from "../config/app-pattern.ts";
import { holdsEnvironments, isAside, isShared } from "./folder-words.ts";
import type { Folder } from "./onboarding-folders.ts";
import { type Form, isCapture, narrower } from "./onboarding-patterns.ts";

/** One entry of `apps`, and the folders that it matches now. */
export interface AppsEntry {
  readonly form: Form;
  readonly matched: readonly Folder[];
}

/** More entries than this help nobody who reads them. */
const mostEntries = 40;
const mostTried = 400;

/**
 * Entries for as many of the forms as there is room for, the widest first. An entry may match folders that hold no image now,
 * as apps to come, but never one that is an environment of no app, or lies round or within another app. `taken` are folders
 * of apps that stand already.
 */
export function entriesFor(
  forms: readonly Form[],
  all: readonly Folder[],
  taken: readonly Folder[] = [],
): readonly AppsEntry[] {
  const occupied = new Occupied([...taken, ...forms.flatMap(({ folders }) => folders)]);
  const depths = Map.groupBy(all, ({ length }) => length);
  const waiting = forms.toSorted((a, b) => b.folders.length - a.folders.length);
  const entries: AppsEntry[] = [];
  for (let tried = 0; tried < mostTried && entries.length < mostEntries; tried += 1) {
    const form = waiting.shift();
    if (form === undefined) break;
    const own = new Set(form.folders.map(pathOf));
    const alike = (depths.get(form.parts.length) ?? []).filter((names) => isLike(form.parts, names));
    const extra = alike.filter((names) => !own.has(pathOf(names)));
    const isNarrow = extra.every((names) => mayMatch(form, names, occupied));
    if (isNarrow && isExpressible(form)) {
      for (const names of extra) occupied.add(names);
      entries.push({ form, matched: [...form.folders, ...extra] });
    } else waiting.push(...narrower(form));
  }
  return entries.toSorted((a, b) => (pathOf(a.form.parts) < pathOf(b.form.parts) ? -1 : 1));
}

/** As the configuration has it: `.` is the whole repository. */
export function pathOf(names: readonly string[]): string {
  return names.length === 0 ? "." : names.join("/");
}

function isExpressible({ parts }: Form): boolean {
  const path = pathOf(parts);
  return path.length <= 150 && patternProblem(path) === null;
}

function isLike(parts: readonly string[], names: Folder): boolean {
  return parts.every((part, at) => isCapture(part) || part === names[at]);
}

function mayMatch(form: Form, names: Folder, occupied: Occupied): boolean {
  if (isCapture(form.parts[0] ?? "") || occupied.has(names)) return false;
  const at = form.environment ?? -1;
  const isAny = at < 0 || holdsEnvironments(form.parts[at - 1] ?? "");
  const isKnown = isAny || form.folders.some((own) => own[at] === names[at]);
  const captured = names.filter((_, index) => isCapture(form.parts[index] ?? ""));
  return isKnown && !captured.some((name) => isAside(name) || isShared(name));
}

/** Folders with those round them. */
class Occupied {
  private readonly folders = new Set<string>();
  private readonly around = new Set<string>();

  constructor(folders: readonly Folder[]) {
    for (const names of folders) this.add(names);
  }

  add(names: Folder): void {
    this.folders.add(names.join("/"));
    for (let depth = 0; depth < names.length; depth += 1) this.around.add(names.slice(0, depth).join("/"));
  }

  /** Whether a folder is one of them, or lies round or within one. */
  has(names: Folder): boolean {
    const within = names.some((_, at) => this.folders.has(names.slice(0, at + 1).join("/")));
    return within || this.around.has(names.join("/"));
  }
}
