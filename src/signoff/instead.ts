/** Which rules may take the place of which: `instead` opens a second way and closes none. */

import { concerns, covers, filesOf } from "./conditions.ts";
import type { Change } from "./facts.ts";
import type { Rule } from "./rule.ts";

interface Alternatives {
  /** By the name of a rule: those that take its place when they are met. */
  readonly orBy: ReadonlyMap<string, readonly string[]>;
  /** Rules that take the place of one that applies, so that they are one way and the named ones the other. */
  readonly alternatives: ReadonlySet<string>;
}

/**
 * A rule takes another's place only where it covers all that the other one is about: one for rollbacks must not let
 * something else through beside a rollback. One that can take nobody's place is a rule like any other.
 */
export function alternativesOf(applying: readonly Rule[], change: Change): Alternatives {
  const orBy = new Map(
    applying.map((rule) => {
      const others = applying.filter((other) => other !== rule && takesPlace(other, rule, change));
      return [rule.name, others.map(({ name }) => name)] as const;
    }),
  );
  return { orBy, alternatives: new Set([...orBy.values()].flat()) };
}

function takesPlace(rule: Rule, named: Rule, change: Change): boolean {
  if (!rule.instead?.includes(named.name)) return false;
  const apps = change.apps.filter((app) => concerns(named.when, app));
  const within = new Set(apps.flatMap(({ paths }) => paths));
  const whole = filesOf(named.when, change).every((path) => within.has(path));
  return apps.length > 0 && whole && apps.every((app) => covers(rule.when, app, change));
}

/** A demand as far as ways go. */
interface Way {
  readonly name: string;
  readonly isRule: boolean;
  readonly met: boolean;
  readonly orBy: readonly string[];
}

export type State = "met" | "waiting" | "replaced" | "unneeded";

/**
 * How each demand stands: `replaced` when a rule that takes its place is met, `unneeded` when it is such a rule itself and
 * everything whose place it would take is fulfilled without it. Rules that name each other in a circle fulfil nothing.
 */
export function statesOf(ways: readonly Way[]): readonly State[] {
  const met = new Set(ways.filter(({ isRule, met }) => isRule && met).map(({ name }) => name));
  const states = ways.map(({ met: own, orBy }): State => {
    if (own) return "met";
    return orBy.some((name) => met.has(name)) ? "replaced" : "waiting";
  });
  for (let changed = true; changed;) {
    changed = false;
    for (const [at, way] of ways.entries()) {
      if (states[at] !== "waiting" || !way.isRule) continue;
      const others = ways.flatMap(({ orBy }, other) => (orBy.includes(way.name) ? [other] : []));
      if (others.length === 0 || others.some((other) => states[other] === "waiting")) continue;
      states[at] = "unneeded";
      changed = true;
    }
  }
  return states;
}
