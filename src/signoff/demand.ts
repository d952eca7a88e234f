/** Which demands a change has to meet: the rules that apply, the default for apps that none covers, and the fixed ones. */

import { applies, concerns, covers, filesOf } from "./conditions.ts";
import type { Change, FreezeAhead, OwnedFile, TouchedApp } from "./facts.ts";
import { alternativesOf } from "./instead.ts";
import type { Approver, Count, Need, Rule, SignoffRules, When } from "./rule.ts";

/** One demand, with what in the change calls for it. */
export interface Demand {
  readonly source: "rule" | "default" | "configuration" | "target";
  /** The rule's name; of the others what they are. */
  readonly name: string;
  readonly need: Need;
  /** Apps for which it is made; empty for the configuration and for rules on paths alone. */
  readonly apps: readonly TouchedApp[];
  /** Those of `apps` whose whole change meets its conditions. */
  readonly covers: readonly TouchedApp[];
  /** The conditions of the rule; empty for the others. */
  readonly when: When;
  /** The changed files with owners that it is about, where it asks code owners; else empty. */
  readonly owned: readonly OwnedFile[];
  /** Rules that take its place as soon as one of them is met. */
  readonly orBy: readonly string[];
  readonly duringFreeze: boolean;
}

const administrators: readonly Approver[] = [{ type: "permission", atLeast: "admin" }];
const writers: Approver = { type: "permission", atLeast: "write" };

/**
 * Every demand of a change; all of them must be met, but for those whose place another takes. Empty only when the change
 * touches neither an app nor the configuration. The configuration's owners are asked whatever the rules say, and a target's
 * floor is a demand of its own, so that it can only make things stricter.
 */
export function demandsOf(rules: SignoffRules, change: Change): readonly Demand[] {
  if (change.apps.length === 0 && !change.configuration && !change.codeowners) return [];
  const applying = rules.rules.filter((rule) => applies(rule.when, change));
  const { orBy, alternatives } = alternativesOf(applying, change);
  const firm = applying.filter((rule) => !alternatives.has(rule.name));
  const uncovered = change.apps.filter((app) => !firm.some((rule) => covers(rule.when, app, change)));
  const optional = applying.filter((rule) => alternatives.has(rule.name));
  return [
    ...configurationDemand(rules.owners, change),
    ...applying.map((rule) => ruleDemand(rule, change, orBy.get(rule.name) ?? [])),
    ...defaultDemands(rules.default, uncovered, { optional, change }),
    ...floorDemands(change),
  ];
}

/**
 * Every approver that any of the demands names, or a freeze that has begun; code owners by who they are, and whether they can
 * write.
 */
export function approversOf(
  demands: readonly Demand[],
  ahead: readonly FreezeAhead[] = [],
): readonly Approver[] {
  const asked = demands.flatMap(({ need, owned }) => [
    ...need.flatMap(({ anyOf }) => anyOf).filter((approver) => !isCodeowners(approver)),
    ...(owned.length > 0 ? [...owned.flatMap(({ owners }) => owners), writers] : []),
  ]);
  return [...asked, ...ahead.flatMap(({ freeze, began }) => (began ? freeze.except : []))];
}

/** Whether any rule asks code owners. */
export function asksCodeowners(rules: SignoffRules): boolean {
  const needs = [rules.default, ...rules.rules.map(({ need }) => need)];
  return needs.some((need) => need.some(({ anyOf }) => anyOf.some(isCodeowners)));
}

export function isCodeowners({ type }: Approver): boolean {
  return type === "codeowners";
}

const fixed = { apps: [], covers: [], when: {}, owned: [], orBy: [], duringFreeze: false };

function configurationDemand(
  owners: readonly Approver[],
  { configuration, codeowners }: Change,
): readonly Demand[] {
  if (!configuration && !codeowners) return [];
  const anyOf = owners.length > 0 ? owners : administrators;
  const name = configuration ? "configuration" : "CODEOWNERS";
  return [{ ...fixed, source: "configuration", name, need: [{ approvals: 1, anyOf }] }];
}

function ruleDemand(rule: Rule, change: Change, orBy: readonly string[]): Demand {
  const { name, when, need, duringFreeze = false } = rule;
  const apps = change.apps.filter((app) => concerns(when, app));
  const covered = apps.filter((app) => covers(when, app, change));
  const asked = asking(need, filesOf(when, change), change);
  return { source: "rule", name, ...asked, apps, covers: covered, when, orBy, duringFreeze };
}

/** Apps that only a rule covers which may not be taken are asked for by themselves: its satisfaction answers for them. */
function defaultDemands(
  need: Need,
  uncovered: readonly TouchedApp[],
  { optional, change }: { readonly optional: readonly Rule[]; readonly change: Change },
): readonly Demand[] {
  const groups = Map.groupBy(uncovered, (app) =>
    JSON.stringify(optional.filter(({ when }) => covers(when, app, change)).map(({ name }) => name)),
  );
  return [...groups].map(([names, apps]): Demand => {
    const asked = asking(
      need,
      apps.flatMap(({ paths }) => paths),
      change,
    );
    const orBy = JSON.parse(names) as string[];
    return { ...fixed, source: "default", name: "default", ...asked, apps, covers: apps, orBy };
  });
}

/** One demand for each floor, for the apps that have it. */
function floorDemands({ apps }: Change): readonly Demand[] {
  const floors = new Map(apps.flatMap(({ floor }) => floor.map((count) => [JSON.stringify(count), count])));
  return [...floors]
    .filter(([, { approvals }]) => approvals > 0)
    .map(([text, count]): Demand => {
      const held = apps.filter(({ floor }) => floor.some((one) => JSON.stringify(one) === text));
      return { ...fixed, source: "target", name: "target floor", need: [count], apps: held, covers: held };
    });
}

/**
 * Who is asked for these files. Where none of them has an owner nobody is a code owner; where nobody else is asked, whoever
 * can write stands in for them, so that the demand is neither void nor beyond anybody's reach.
 */
function asking(need: Need, files: readonly string[], change: Change): Pick<Demand, "need" | "owned"> {
  if (!need.some(({ anyOf }) => anyOf.some(isCodeowners))) return { need, owned: [] };
  if (change.owned === null) return { need, owned: [] };
  const owned = change.owned.filter(({ path }) => files.includes(path));
  return { need: owned.length > 0 ? need : need.map(withoutCodeowners), owned };
}

function withoutCodeowners({ approvals, anyOf }: Count): Count {
  const others = anyOf.filter((approver) => !isCodeowners(approver));
  return { approvals, anyOf: others.length > 0 ? others : [writers] };
}
