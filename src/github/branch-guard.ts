/** What guards a branch, as far as an App without the administration permission is shown it. */

import type { components } from "@octokit/openapi-types";
import type { BranchGuard } from "../ports/merges.ts";
import { collect, perPage } from "./collect.ts";
import type { Place } from "./place.ts";

type Rule = components["schemas"]["repository-rule-detailed"];

/** Classic protection is told by the branch itself, its checks alone; rulesets are told whole but for who may bypass them. */
export async function readGuard(place: Place, branch: string, check: string): Promise<BranchGuard> {
  const { octokit, at, appId } = place;
  const { data } = await octokit.request("GET /repos/{owner}/{repo}/branches/{branch}", { ...at, branch });
  const { items: rules } = await collect((page) =>
    octokit.request("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
      ...at,
      branch,
      per_page: perPage,
      page,
    }),
  );
  const classic = data.protection.required_status_checks?.checks ?? [];
  const sources = [
    ...classic.flatMap(({ context, app_id }) => (context === check ? [app_id] : [])),
    ...rules.flatMap((rule) => requiredFrom(rule, check)),
  ];
  const reviewed = rules.flatMap((rule) => (rule.type === "pull_request" ? [rule.parameters] : []));
  const queued = rules.some(({ type }) => type === "merge_queue");
  const byRules = (context: string): boolean => rules.some((rule) => requiredFrom(rule, context).length > 0);
  const hidden = data.protected && (rules.length === 0 || classic.some(({ context }) => !byRules(context)));
  return {
    check: sources.includes(appId) ? "ours" : sources.length > 0 ? "any" : "none",
    pullRequests: reviewed.length > 0 || queued ? "required" : hidden ? "hidden" : "optional",
    dismissesStale: reviewed.some((rule) => rule?.dismiss_stale_reviews_on_push === true),
    lastPushApproval: reviewed.some((rule) => rule?.require_last_push_approval === true),
  };
}

/** The App that has to give a check by this rule, or undefined where any may. */
function requiredFrom(rule: Rule, check: string): readonly (number | undefined)[] {
  if (rule.type !== "required_status_checks") return [];
  const required = rule.parameters?.required_status_checks ?? [];
  return required.flatMap(({ context, integration_id }) => (context === check ? [integration_id] : []));
}
