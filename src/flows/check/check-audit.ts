/** Gathers what a verdict was made from into the record that stands in the check. */

import { createHash } from "node:crypto";
import type { Comparison, Person, PullRequest } from "../../model/pull.ts";
import { approverText } from "../../signoff/approver.ts";
import type { AuditRecord } from "../../signoff/audit.ts";
import { fileIdentity } from "../../signoff/change.ts";
import { discountText } from "../../signoff/discount-text.ts";
import type { Judged, Verdict } from "../../signoff/evaluate.ts";
import type { Opinion, SignoffFacts } from "../../signoff/facts.ts";
import type { Bench } from "./check-bench.ts";

/** What was judged, and by which facts. */
export interface Decided {
  readonly pull: PullRequest;
  readonly comparison: Comparison;
  readonly facts: SignoffFacts;
  readonly verdict: Verdict;
}

export function auditOf({ policy }: Bench, { pull, comparison, facts, verdict }: Decided): AuditRecord {
  const change = createHash("sha256").update(fileIdentity(comparison.files)).digest("hex");
  return {
    version: 1,
    pull: pull.number,
    base: comparison.base,
    mergeBase: comparison.mergeBase,
    head: pull.headSha,
    tree: comparison.commits.find(({ sha }) => sha === pull.headSha)?.tree ?? "",
    change,
    policy: policy.blob,
    author: named(pull.author),
    contributors: facts.contributors.map(({ login, part, sha }) => ({ login, part, sha })),
    demands: verdict.judged.flatMap(demandOf),
    approvals: facts.opinions.map((opinion) => approvalOf(verdict, opinion)).sort((a, b) => a.id - b.id),
    unattributed: [...verdict.unattributed],
    freezes: verdict.freezes.map(({ freeze }) => freeze.name),
    override: verdict.override ?? null,
    satisfied: verdict.satisfied,
    cut: 0,
  };
}

function named({ id, login }: Person): { id: number; login: string } {
  return { id, login };
}

/** One entry for each count of it. */
function demandOf({ demand: { source, name }, state, counts }: Judged): AuditRecord["demands"] {
  return counts.map(({ count: { approvals, anyOf }, has, lacks }) => {
    return { source, name, approvals, anyOf: anyOf.map(approverText), has: has.map(named), lacks, state };
  });
}

function approvalOf(verdict: Verdict, opinion: Opinion): AuditRecord["approvals"][number] {
  const { person, state, matches } = opinion;
  const discounted = verdict.discounted.find((one) => one.person.id === person.id);
  const why = discounted === undefined ? "" : discountText(discounted.discount);
  const counts = state === "approved" && discounted === undefined;
  return { ...named(person), state, is: [...matches], counts, why };
}
