/** Times in which nothing of some environments is signed off, and what lets a change through all the same. */

import type { Person } from "../model/pull.ts";
import { matchesGlob } from "../text/glob.ts";
import { isAsked } from "./counting.ts";
import type { Demand } from "./demand.ts";
import type { Change, FreezeAhead, Opinion, TouchedApp } from "./facts.ts";
import type { Freeze } from "./rule.ts";

/** A freeze that has begun. It blocks unless something lets the change through. */
export interface JudgedFreeze {
  readonly freeze: Freeze;
  readonly apps: readonly TouchedApp[];
  readonly blocks: boolean;
  /** The rules that let it through: each is met, may do so, and covers all of the apps. */
  readonly byRules: readonly string[];
  /** Those of `except` who have approved. */
  readonly byPeople: readonly Person[];
}

/** The freezes of a change that have not ended. The end is not part of one, the beginning is. */
export function freezesOf(
  freezes: readonly Freeze[],
  { apps }: Pick<Change, "apps">,
  now: Date,
): readonly FreezeAhead[] {
  return freezes.flatMap((freeze) => {
    if (Date.parse(freeze.ends) <= now.getTime()) return [];
    const frozen = apps.filter((app) => matchesGlob(freeze.environments ?? ["**"], app.environment));
    const began = Date.parse(freeze.begins) <= now.getTime();
    return frozen.length === 0 ? [] : [{ freeze, apps: frozen, began }];
  });
}

/** When the next of these begins or ends; null where there is none. */
export function nextTurn(ahead: readonly FreezeAhead[]): string | null {
  const turns = ahead.map(({ freeze, began }) => (began ? freeze.ends : freeze.begins));
  return turns.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

/** `met` are the demands that are met by approvals of their own, `counting` the opinions that count. */
export function judgeFreezes(
  ahead: readonly FreezeAhead[],
  met: readonly Demand[],
  counting: readonly Opinion[],
): readonly JudgedFreeze[] {
  return ahead
    .filter(({ began }) => began)
    .map(({ freeze, apps }) => {
      const byRules = met
        .filter(({ duringFreeze, covers }) => duringFreeze && apps.every((app) => covers.includes(app)))
        .map(({ name }) => name);
      const byPeople = counting
        .filter((opinion) => isAsked(opinion, freeze.except, []))
        .map(({ person }) => person);
      return { freeze, apps, blocks: byRules.length === 0 && byPeople.length === 0, byRules, byPeople };
    });
}
