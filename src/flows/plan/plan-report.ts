/** The check runs that a plan is told in. */

import { createHash } from "node:crypto";
import type { CheckConclusion, CheckReport } from "../../ports/checks.ts";
import { planSummary } from "../../rollout/merge-plan-report.ts";
import { planTitle } from "../../rollout/merge-plan-title.ts";
import { type AppPlan, obstacles } from "../../rollout/merge-plan.ts";
import { inertLine, inertProse } from "../../text/inert.ts";

/** The check that tells what merging would do to the cluster; it demands nothing, so that it need not be required. */
export const planCheck = "lockkeeper/plan";

/**
 * A failure where the deploy would stop, or would leave what it should delete; else a success. It says so early and blocks
 * nothing: the check is not to be required, and GitHub merges all the same. Equal plans give an equal `externalId`.
 */
export function planReport(
  sha: string,
  plans: readonly AppPlan[],
  { conflict }: { readonly conflict: boolean },
): CheckReport {
  const stops = plans.some((plan) => obstacles(plan).length > 0);
  const notices = conflict
    ? ["It is in conflict with the default branch. This is what its head would do as it stands."]
    : [];
  return reportOf(sha, stops ? "failure" : "success", planTitle(plans), planSummary(plans, notices));
}

/** `why` is half a sentence. */
export function unavailableReport(sha: string, why: string): CheckReport {
  const title = inertLine(`Plan unavailable: ${why}`, 250);
  const summary = `What merging would do cannot be told now: ${inertProse(why)}. This blocks nothing.`;
  return reportOf(sha, "success", title, summary);
}

function reportOf(sha: string, conclusion: CheckConclusion, title: string, summary: string): CheckReport {
  const externalId = createHash("sha256")
    .update(JSON.stringify([conclusion, title, summary]))
    .digest("hex");
  return { name: planCheck, sha, externalId, conclusion, title, summary };
}
