/** The title of a pull request of ours, and the one sentence that its body begins with. */

import { shortDigest } from "../manifests/image-value.ts";
import type { Automerge } from "../config/pull-settings.ts";
import type { Person } from "../model/pull.ts";
import type { ImageValue } from "../model/update.ts";
import { demandsOf } from "../signoff/demand.ts";
import type { SignoffRules } from "../signoff/rule.ts";
import { inertLine, inertSpan } from "../text/inert.ts";
import { mergesByItself } from "./automerge.ts";
import type { FactsOf } from "./bump-facts.ts";
import { needsText } from "./need-text.ts";
import type { PlannedBump, Unit } from "./unit.ts";

export function titleOf({ bumps, environment }: Unit): string {
  const targets = distinct(bumps.map(({ occurrence, to }) => moveName(occurrence.image, to)));
  const what = targets.length <= 2 ? targets.join(" and ") : `${targets.length} images`;
  return updateTitle(what, environment);
}

/** As `titleOf`, for one image before it has a pull request. */
export function moveTitle(image: string, to: ImageValue, environment: string): string {
  return updateTitle(moveName(image, to), environment);
}

function moveName(image: string, to: ImageValue): string {
  return `${shortName(image)} to ${shortValue(to)}`;
}

function updateTitle(what: string, environment: string): string {
  return inertLine(`Update ${what} in ${environment}`, 120);
}

/** What moves from where to where, of which kind and age; what restarts; who is needed; how to undo it. */
export function summaryOf(unit: Unit, { rules, automerge, self }: Needs, facts: FactsOf): string {
  const moves = distinct(unit.bumps.map((bump) => moveText(bump, facts)));
  const apps = unit.apps.map(({ name }) => inertSpan(name));
  return [
    `Moves ${listed(moves, 5)} in ${inertSpan(unit.environment)}, which restarts what runs in ${listed(apps, 5)};`,
    `needs ${needsOf(unit, rules, self)}${byItself(unit, automerge)};`,
    "to undo it once it is merged, revert it.",
  ].join(" ");
}

interface Needs {
  readonly rules: SignoffRules;
  readonly automerge?: Automerge | undefined;
  readonly self: Person;
}

function byItself({ bumps, apps }: Unit, automerge: Automerge = new Map()): string {
  const kinds = bumps.map(({ kind }) => kind);
  const environments = apps.map(({ environment }) => environment);
  if (!mergesByItself(automerge, kinds, environments)) return "";
  return ", and merges by itself as soon as it has that and every required check passes";
}

function moveText(bump: PlannedBump, facts: FactsOf): string {
  const { occurrence, from, to, kind } = bump;
  const [image, old, next] = [occurrence.image, shortValue(from), shortValue(to)].map((part) =>
    inertSpan(part),
  );
  const built = facts(bump)?.built;
  const age = built === undefined || built === null ? "" : `, built on ${built.toISOString().slice(0, 10)}`;
  return `${image} from ${old} to ${next} (${kind}${age})`;
}

/** As the rules of the default branch have it for a change by us of these files; the check judges the whole of it. */
function needsOf({ bumps, apps }: Unit, rules: SignoffRules, self: Person): string {
  const paths = distinct(bumps.map(({ occurrence }) => occurrence.file));
  const demands = demandsOf(rules, {
    pull: 0,
    author: self,
    pushers: [self.login],
    paths,
    kinds: [...new Set(bumps.map(({ kind }) => kind))],
    labels: [],
    size: { lines: 2 * bumps.length, exact: true },
    apps: apps.map(({ name, environment, path }) => ({
      name,
      environment,
      paths: paths.filter((file) => path === "." || file.startsWith(`${path}/`)),
      floor: [],
    })),
    configuration: false,
    codeowners: false,
    owned: null,
  });
  return needsText(demands);
}

/** With `and` before the last. */
function listed(items: readonly string[], limit: number): string {
  const shown = items.length > limit ? [...items.slice(0, limit), `${items.length - limit} others`] : items;
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1) ?? ""}`;
}

/** The last parts of an image's name, which is how people call it. */
function shortName(image: string): string {
  return image.split("/").slice(-2).join("/");
}

/** The tag where there is one, else the begin of the digest. */
export function shortValue(value: ImageValue): string {
  return value.tag ?? (value.digest === null ? "nothing" : shortDigest(value.digest));
}

export function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
