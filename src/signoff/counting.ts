/** One count of approvals: whose count for it, how many are missing, and who can give them. */

import type { Person } from "../model/pull.ts";
import { approverText } from "./approver.ts";
import { type Demand, isCodeowners } from "./demand.ts";
import type { Opinion, OwnedFile } from "./facts.ts";
import type { Approver, Count } from "./rule.ts";

/** A count as it stands. */
export interface Counted {
  readonly count: Count;
  readonly has: readonly Person[];
  /** How many more approvals it needs, at least; 0 when it is reached. */
  readonly lacks: number;
  /** Who can give what it lacks: of users only those who have not yet, and may. */
  readonly from: readonly Approver[];
  /** Files of which no owner has approved; they matter only where code owners are asked. */
  readonly unapproved: readonly OwnedFile[];
}

/** Whether somebody is one of these; an owner of a file only counts who can write, as on GitHub. */
export function isAsked(
  { matches }: Pick<Opinion, "matches">,
  anyOf: readonly Approver[],
  owned: readonly OwnedFile[],
): boolean {
  return anyOf.some((approver) =>
    isCodeowners(approver)
      ? owned.some((file) => owns(file, matches))
      : matches.includes(approverText(approver)),
  );
}

function owns({ owners }: OwnedFile, matches: readonly string[]): boolean {
  return matches.includes("write") && owners.some((owner) => matches.includes(approverText(owner)));
}

/**
 * Counts distinct people. Approvals of code owners count together, and only once an owner of every file that has owners has
 * approved: until then those of the others count alone. `barred` can approve nothing of this change.
 */
export function countApprovals(
  count: Count,
  { owned }: Pick<Demand, "owned">,
  counting: readonly Opinion[],
  isBarred: (login: string) => boolean,
): Counted {
  const { approvals, anyOf } = count;
  const others = anyOf.filter((approver) => !isCodeowners(approver));
  const byOthers = people(counting.filter((opinion) => isAsked(opinion, others, [])));
  const has = people(counting.filter((opinion) => isAsked(opinion, anyOf, owned)));
  const asksOwners = anyOf.some(isCodeowners);
  const unapproved = asksOwners
    ? owned.filter((file) => !counting.some(({ matches }) => owns(file, matches)))
    : [];
  const reached = byOthers.length >= approvals || (unapproved.length === 0 && has.length >= approvals);
  const lacks = reached ? 0 : Math.max(approvals - has.length, unapproved.length > 0 ? 1 : 0);
  const given = new Set(has.map(({ login }) => login.toLowerCase()));
  const from = anyOf.filter(
    (approver) =>
      approver.type !== "user" || !(given.has(approver.login.toLowerCase()) || isBarred(approver.login)),
  );
  return { count, has, lacks, from, unapproved };
}

function people(opinions: readonly Opinion[]): readonly Person[] {
  const byId = new Map(opinions.map(({ person }) => [person.id, person]));
  return [...byId.values()].sort((a, b) => a.id - b.id);
}
