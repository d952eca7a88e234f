/** The verdict: every demand with what it has, what it lacks and who can give it, and which approvals do not count. */

import type { Person } from "../model/pull.ts";
import { type Counted, countApprovals, isAsked } from "./counting.ts";
import type { Demand } from "./demand.ts";
import type { Change, Contributor, FreezeAhead, Opinion, SignoffFacts } from "./facts.ts";
import { type JudgedFreeze, judgeFreezes, nextTurn } from "./freeze.ts";
import { type State, statesOf } from "./instead.ts";

/**
 * One demand with those whose approvals count for it. `lacks` is how many more its counts need together, which matters only
 * while its state is `waiting`; `counts` says so of each.
 */
export interface Judged {
  readonly demand: Demand;
  readonly state: State;
  readonly counts: readonly Counted[];
  readonly has: readonly Person[];
  readonly lacks: number;
}

/** Why an approval counts for nothing. */
export type Discount =
  | { readonly type: "contributor"; readonly contributor: Contributor }
  | { readonly type: "bot" }
  | { readonly type: "stale"; readonly sha: string; readonly difference?: string }
  | { readonly type: "unproven"; readonly why: string }
  | { readonly type: "not-asked" };

export interface Discounted {
  readonly person: Person;
  readonly discount: Discount;
}

/** Who let a change through past the rules. */
export interface Override {
  readonly id: number;
  readonly login: string;
  readonly why: string;
}

/** The tree that the check, the status command and later readers render. Plain values throughout. */
export interface Verdict {
  readonly pull: number;
  readonly satisfied: boolean;
  readonly judged: readonly Judged[];
  readonly discounted: readonly Discounted[];
  /** People who could approve and have requested changes instead. */
  readonly objections: readonly Person[];
  /** Commits of which nobody knows the author: while there is one, nobody can be told apart from its author. */
  readonly unattributed: readonly string[];
  /** Those that have begun and not ended. */
  readonly freezes: readonly JudgedFreeze[];
  /** When it may be another without anything having happened, in ISO 8601; null when it never is. */
  readonly reconsiderAt: string | null;
  /** Present where it is satisfied although something is missing. */
  readonly override?: Override;
}

/** Judges a change by its demands. A change without demands is satisfied: there is nothing to sign off. */
export function evaluate(
  change: Change,
  demands: readonly Demand[],
  facts: SignoffFacts,
  ahead: readonly FreezeAhead[] = [],
): Verdict {
  const asked = (opinion: Opinion): boolean => isAskedAtAll(opinion, demands, ahead);
  const wanted = (opinion: Opinion): boolean => isAskedAtAll(opinion, demands.map(wantedOf), ahead);
  const approvals = facts.opinions
    .filter((opinion) => opinion.state === "approved")
    .map((opinion) => ({ opinion, why: discount(opinion, change, wanted, facts) }));
  const counting = approvals.flatMap(({ opinion, why }) => (why === null ? [opinion] : []));
  const judged = judge(demands, counting, (login) => isContributor(login, change, facts.contributors));
  const met = judged.flatMap(({ demand, state }) => (state === "met" ? [demand] : []));
  const freezes = judgeFreezes(ahead, met, counting);
  const objections = facts.opinions
    .filter((opinion) => opinion.state === "changes-requested" && couldApprove(opinion, change, asked, facts))
    .map((opinion) => opinion.person);
  const unattributed = demands.length === 0 ? [] : facts.unattributed;
  const waiting = judged.some(({ state }) => state === "waiting") || freezes.some(({ blocks }) => blocks);
  return {
    pull: change.pull,
    satisfied: !waiting && objections.length === 0 && unattributed.length === 0,
    judged,
    discounted: approvals.flatMap(({ opinion: { person }, why }) =>
      why === null ? [] : [{ person, discount: why }],
    ),
    objections,
    unattributed,
    freezes,
    reconsiderAt: nextTurn(ahead),
  };
}

function judge(
  demands: readonly Demand[],
  counting: readonly Opinion[],
  isBarred: (login: string) => boolean,
): readonly Judged[] {
  const counted = demands.map((demand) =>
    demand.need.map((count) => countApprovals(count, demand, counting, isBarred)),
  );
  const lacking = counted.map((counts) => counts.reduce((sum, { lacks }) => sum + lacks, 0));
  const ways = demands.map(({ name, source, orBy }, at) => {
    return { name, isRule: source === "rule", met: lacking[at] === 0, orBy };
  });
  const states = statesOf(ways);
  return demands.map((demand, at) => {
    const counts = counted[at] ?? [];
    const has = new Map(counts.flatMap((one) => one.has).map((person) => [person.id, person]));
    const people = [...has.values()].sort((a, b) => a.id - b.id);
    return { demand, state: states[at] ?? "waiting", counts, has: people, lacks: lacking[at] ?? 0 };
  });
}

function discount(
  opinion: Opinion,
  change: Change,
  asked: (opinion: Opinion) => boolean,
  facts: SignoffFacts,
): Discount | null {
  if (opinion.person.bot) return { type: "bot" };
  const contributor = contribution(opinion.person, change, facts.contributors);
  if (contributor !== null) return { type: "contributor", contributor };
  if (!asked(opinion)) return { type: "not-asked" };
  if (opinion.saw.type === "other") return { ...opinion.saw, type: "stale" };
  if (opinion.saw.type === "unproven") return { type: "unproven", why: opinion.saw.why };
  return null;
}

function couldApprove(
  opinion: Opinion,
  change: Change,
  asked: (opinion: Opinion) => boolean,
  facts: SignoffFacts,
): boolean {
  const barred = opinion.person.bot || contribution(opinion.person, change, facts.contributors) !== null;
  return !barred && asked(opinion);
}

/** Who may approve where no approval is needed can object, and yet counts for nothing. */
function wantedOf(demand: Demand): Demand {
  return { ...demand, need: demand.need.filter(({ approvals }) => approvals > 0) };
}

function isAskedAtAll(opinion: Opinion, demands: readonly Demand[], ahead: readonly FreezeAhead[]): boolean {
  return (
    demands.some(({ need, owned }) => need.some(({ anyOf }) => isAsked(opinion, anyOf, owned))) ||
    ahead.some(({ freeze, began }) => began && isAsked(opinion, freeze.except, []))
  );
}

function contribution(
  person: Person,
  change: Change,
  contributors: readonly Contributor[],
): Contributor | null {
  const login = person.login.toLowerCase();
  const found = everybody(change, contributors).find(({ id, login: other }) =>
    id === null ? other.toLowerCase() === login : id === person.id,
  );
  return found ?? null;
}

function isContributor(login: string, change: Change, contributors: readonly Contributor[]): boolean {
  return everybody(change, contributors).some((one) => one.login.toLowerCase() === login.toLowerCase());
}

function everybody(change: Change, contributors: readonly Contributor[]): readonly Contributor[] {
  return [{ ...change.author, part: "author", sha: null }, ...contributors];
}
