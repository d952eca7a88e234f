/** How many approvals of whom demands ask for, in words. */

import { approverName, isDescribed } from "../signoff/approver.ts";
import type { Demand } from "../signoff/demand.ts";
import type { Count } from "../signoff/rule.ts";
import { inertProse, inertSpan } from "../text/inert.ts";

/** Markdown: so many approvals of somebody, or that nobody's is needed. */
export function needsText(demands: readonly Demand[]): string {
  const asked = demands.flatMap(({ need }) => need).filter(({ approvals }) => approvals > 0);
  const needs = [...new Set(asked.map(countText))];
  return needs.length === 0 ? "nobody's approval" : needs.join(" and ");
}

function countText({ approvals, anyOf }: Count): string {
  const count = approvals === 1 ? "one approval" : `${approvals} approvals`;
  const people = anyOf.map((one) =>
    isDescribed(one) ? inertProse(approverName(one)) : inertSpan(approverName(one)),
  );
  return `${count} of ${people.join(" or ")}`;
}
