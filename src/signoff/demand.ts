/** Which demands a change has to meet: the rules that apply, the default for apps that none covers, and the fixed ones. */

import { matchesGlob } from "../text/glob.ts";
import type { Change, TouchedApp } from "./facts.ts";
import type { Approver, Need, Rule, SignoffRules, When } from "./rule.ts";

/** One demand, with what in the change calls for it. */
export interface Demand {
  readonly source: "rule" | "default" | "configuration" | "target";
  /** The rule's name; of the others what they are. */
  readonly name: string;
  readonly need: Need;
  /** Apps for which it is made; empty for the configuration and for rules on paths alone. */
  readonly apps: readonly TouchedApp[];
  /** The conditions of the rule; empty for the others. */
  readonly when: When;
}

const administrators: readonly Approver[] = [{ type: "permission", atLeast: "admin" }];
const writers: readonly Approver[] = [{ type: "permission", atLeast: "write" }];

/**
 * Every demand of a change; all of them must be met. Empty only when the change touches neither an app nor the
 * configuration. The configuration's owners are asked whatever the rules say, and a target's floor is a demand of its own,
 * so that it can only make things stricter.
 */
export function demandsOf(rules: SignoffRules, change: Change): readonly Demand[] {
  if (change.apps.length === 0 && !change.configuration) return [];
  const applying = rules.rules.filter((rule) => applies(rule, change));
  const uncovered = change.apps.filter((app) => !applying.some((rule) => covers(rule.when, app, change)));
  return [
    ...(change.configuration ? [configurationDemand(rules.owners)] : []),
    ...applying.map((rule) => ruleDemand(rule, change)),
    ...(uncovered.length > 0 ? [defaultDemand(rules.default, uncovered)] : []),
    ...floorDemand(change.apps),
  ];
}

/** Every approver that any of the demands names. */
export function approversOf(demands: readonly Demand[]): readonly Approver[] {
  return demands.flatMap((demand) => demand.need.anyOf);
}

function configurationDemand(owners: readonly Approver[]): Demand {
  const anyOf = owners.length > 0 ? owners : administrators;
  return {
    source: "configuration",
    name: "configuration",
    need: { approvals: 1, anyOf },
    apps: [],
    when: {},
  };
}

function ruleDemand(rule: Rule, change: Change): Demand {
  const apps = change.apps.filter((app) => concerns(rule.when, app));
  return { source: "rule", name: rule.name, need: rule.need, apps, when: rule.when };
}

function defaultDemand(need: Need, apps: readonly TouchedApp[]): Demand {
  return { source: "default", name: "default", need, apps, when: {} };
}

function floorDemand(apps: readonly TouchedApp[]): readonly Demand[] {
  const approvals = Math.max(0, ...apps.map((app) => app.floor));
  if (approvals === 0) return [];
  const held = apps.filter((app) => app.floor > 0);
  return [
    { source: "target", name: "target floor", need: { approvals, anyOf: writers }, apps: held, when: {} },
  ];
}

/** A rule applies when some part of the change meets its conditions. */
function applies(rule: Rule, change: Change): boolean {
  const { when } = rule;
  if (when.kinds && !change.kinds.some((kind) => when.kinds?.includes(kind))) return false;
  const hands = [change.author.login, ...(change.pushers ?? [])];
  if (when.authors && !hands.some((login) => isAuthor(when.authors ?? [], login))) return false;
  if (change.apps.some((app) => concerns(when, app))) return true;
  const byPathAlone = when.paths !== undefined && !when.apps && !when.environments;
  return byPathAlone && matchesAny(when.paths, change.paths);
}

/**
 * A rule covers an app, so that the default is not asked for it, only when the whole of the app's change meets its
 * conditions: a lenient rule for patches must not let something else through beside a patch, nor one for a bot what
 * somebody else pushed to its branch.
 */
function covers(when: When, app: TouchedApp, change: Change): boolean {
  if (!concerns(when, app)) return false;
  if (when.kinds && !change.kinds.every((kind) => when.kinds?.includes(kind))) return false;
  const { authors, paths } = when;
  if (authors && !isOnlyBy(authors, change)) return false;
  return !paths || app.paths.every((path) => matchesGlob(paths, path));
}

function concerns(when: When, app: TouchedApp): boolean {
  if (when.environments && !matchesGlob(when.environments, app.environment)) return false;
  if (when.apps && !matchesGlob(when.apps, app.name)) return false;
  return !when.paths || matchesAny(when.paths, app.paths);
}

function matchesAny(globs: readonly string[], paths: readonly string[]): boolean {
  return paths.some((path) => matchesGlob(globs, path));
}

function isOnlyBy(authors: readonly string[], { author, pushers }: Change): boolean {
  return pushers !== null && [author.login, ...pushers].every((login) => isAuthor(authors, login));
}

/** Logins know no case; one like `renovate[bot]` is first of all itself and not a class of characters. */
function isAuthor(authors: readonly string[], login: string): boolean {
  const name = login.toLowerCase();
  const wanted = authors.map((author) => author.toLowerCase());
  return wanted.includes(name) || matchesGlob(wanted, name);
}
