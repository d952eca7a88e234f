/** The verdict: every demand with what it has, what it lacks and who can give it, and which approvals do not count. */

import type { Person } from "../model/pull.ts";
import { approverText } from "./approver.ts";
import { type Demand, approversOf } from "./demand.ts";
import type { Change, Contributor, Opinion, SignoffFacts } from "./facts.ts";

/** One demand with those whose approvals count for it. `lacks` is how many more it needs. */
export interface Judged {
  readonly demand: Demand;
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

/** The tree that the check, the status command and later readers render. */
export interface Verdict {
  readonly pull: number;
  readonly satisfied: boolean;
  readonly judged: readonly Judged[];
  readonly discounted: readonly Discounted[];
  /** People who could approve and have requested changes instead. */
  readonly objections: readonly Person[];
  /** Commits of which nobody knows the author: while there is one, nobody can be told apart from its author. */
  readonly unattributed: readonly string[];
}

/** Judges a change by its demands. A change without demands is satisfied: there is nothing to sign off. */
export function evaluate(change: Change, demands: readonly Demand[], facts: SignoffFacts): Verdict {
  const approvals = facts.opinions.filter((opinion) => opinion.state === "approved");
  const discountOf = (opinion: Opinion): Discount | null => discount(opinion, change, demands, facts);
  const counting = approvals.filter((opinion) => discountOf(opinion) === null);
  const judged = demands.map((demand) => judge(demand, counting));
  const objections = facts.opinions
    .filter(
      (opinion) => opinion.state === "changes-requested" && couldApprove(opinion, change, demands, facts),
    )
    .map((opinion) => opinion.person);
  const unattributed = demands.length === 0 ? [] : facts.unattributed;
  const met = judged.every(({ lacks }) => lacks === 0);
  return {
    pull: change.pull,
    satisfied: met && objections.length === 0 && unattributed.length === 0,
    judged,
    discounted: approvals.flatMap((opinion) => {
      const why = discountOf(opinion);
      return why === null ? [] : [{ person: opinion.person, discount: why }];
    }),
    objections,
    unattributed,
  };
}

function judge(demand: Demand, counting: readonly Opinion[]): Judged {
  const byId = new Map(
    counting
      .filter((opinion) => isAsked(opinion, [demand]))
      .map(({ person }): [number, Person] => [person.id, person]),
  );
  const has = [...byId.values()].sort((a, b) => a.id - b.id);
  return { demand, has, lacks: Math.max(0, demand.need.approvals - has.length) };
}

/** Why this approval does not count, what cannot be mended first; null when it does. */
function discount(
  opinion: Opinion,
  change: Change,
  demands: readonly Demand[],
  facts: SignoffFacts,
): Discount | null {
  if (opinion.person.bot) return { type: "bot" };
  const contributor = contribution(opinion.person, change, facts.contributors);
  if (contributor !== null) return { type: "contributor", contributor };
  if (!isAsked(opinion, demands)) return { type: "not-asked" };
  if (opinion.saw.type === "other") return { ...opinion.saw, type: "stale" };
  if (opinion.saw.type === "unproven") return { type: "unproven", why: opinion.saw.why };
  return null;
}

function couldApprove(
  opinion: Opinion,
  change: Change,
  demands: readonly Demand[],
  facts: SignoffFacts,
): boolean {
  const barred = opinion.person.bot || contribution(opinion.person, change, facts.contributors) !== null;
  return !barred && isAsked(opinion, demands);
}

function isAsked(opinion: Opinion, demands: readonly Demand[]): boolean {
  return approversOf(demands).some((approver) => opinion.matches.includes(approverText(approver)));
}

function contribution(
  person: Person,
  change: Change,
  contributors: readonly Contributor[],
): Contributor | null {
  const author: Contributor = { ...change.author, part: "author", sha: null };
  const login = person.login.toLowerCase();
  const found = [author, ...contributors].find(({ id, login: other }) =>
    id === null ? other.toLowerCase() === login : id === person.id,
  );
  return found ?? null;
}
