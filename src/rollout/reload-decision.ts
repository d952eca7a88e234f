/** What to do about one workload now: pure, with the clock passed in. */

import type { Change, Observed } from "./reload-observed.ts";

/** Changes come in bursts: this much silence ends one, and no burst is waited for longer. */
const quietMs = 10_000;
const longestMs = 60_000;
const hourMs = 3_600_000;
/** Rollouts of one workload within an hour; who changes it more often has another problem. */
const mostPerHour = 3;

/** Since when the workload differs from its record, and since when in this very way; times in milliseconds. */
export interface Waiting {
  readonly what: string;
  readonly since: number;
  readonly last: number;
}

export interface Situation {
  readonly now: number;
  /** What is on record, and what would be if it were written now. */
  readonly before: Observed | null;
  readonly after: Observed;
  readonly changes: readonly Change[];
  readonly waiting: Waiting;
  /** The workload asks for changes to be gathered for so long. */
  readonly pauseMs: number | null;
  /** A commit of its app is on its way. */
  readonly busy: boolean;
  /** Somebody has rolled the workload after the last of the changes. */
  readonly rolledSince: boolean;
  /** Somebody else does all this. */
  readonly onlyLook: boolean;
  readonly fixed: boolean;
}

/**
 * - `nothing`: the pods run with their configuration. `wait`: look again after so long.
 * - `record`: write down what there is, roll nothing. `roll`: write it down with a new template.
 * - `tell`: the workload cannot be rolled. `flapping`: it was rolled too often; look again after so long.
 */
export type Decision =
  | { readonly do: "nothing" | "record" | "roll" | "tell" }
  | { readonly do: "wait" | "flapping"; readonly seconds: number };

export function decide(situation: Situation): Decision {
  const { now, before, after, changes } = situation;
  // At first sight, and when the key is lost, what runs is taken for what should.
  if (before === null || before.key !== after.key) return { do: "record" };
  if (sameObjects(before, after) && before.template === after.template) return { do: "nothing" };
  if (situation.busy) return { do: "wait", seconds: 5 };
  const due = dueAt(situation.waiting, situation.pauseMs);
  if (now < due) return { do: "wait", seconds: (due - now) / 1000 };
  if (changes.length === 0 || situation.rolledSince || situation.onlyLook) return { do: "record" };
  if (situation.fixed) return { do: "tell" };
  const recent = recentRolls(before, now);
  const free = recent.length < mostPerHour ? 0 : Math.min(...recent) + hourMs - now;
  return free > 0 ? { do: "flapping", seconds: free / 1000 } : { do: "roll" };
}

/** The times of the rollouts that count, for the next record. */
export function rollsToKeep(before: Observed | null, now: number): readonly string[] {
  return before === null ? [] : recentRolls(before, now).map((time) => new Date(time).toISOString());
}

function recentRolls({ rolled }: Observed, now: number): readonly number[] {
  const times = rolled.map((time) => Date.parse(time));
  // A time of the future is a clock that was wrong, and would hold for ever.
  return times.filter((time) => now - time < hourMs && time <= now).sort((one, other) => one - other);
}

function dueAt({ since, last }: Waiting, pauseMs: number | null): number {
  if (pauseMs !== null) return since + pauseMs;
  return Math.min(last + quietMs, since + longestMs);
}

function sameObjects(before: Observed, after: Observed): boolean {
  return differenceText(before.objects) === differenceText(after.objects);
}

/** One text for one state of the configuration. */
export function differenceText(objects: Observed["objects"]): string {
  const entries = Object.entries(objects).flatMap(([object, held]) =>
    Object.entries(held).map(([key, digest]) => `${object} ${key} ${digest}`),
  );
  return [...Object.keys(objects), ...entries].sort().join("\n");
}

/** How long the difference has been there; a difference of another kind begins a new silence, not a new burst. */
export function waitingFor(known: Waiting | undefined, what: string, now: number): Waiting {
  if (known === undefined) return { what, since: now, last: now };
  return known.what === what ? known : { what, since: known.since, last: now };
}
