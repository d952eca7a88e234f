/** How branches are guarded, as classic protection and as the rules that rulesets make. */

import type { Answer } from "../answer.ts";
import { ApiError } from "../api-error.ts";
import { pageOf } from "../page.ts";
import { apiOf } from "../present/repository.ts";
import type { Context, Route } from "../router.ts";
import type { Protection, Ruleset } from "../state.ts";
import { fullNameOf } from "../store.ts";

const protection = "/repos/{owner}/{repo}/branches/{branch}/protection";

export const protectionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: protection,
    permission: { name: "administration", level: "read" },
    role: "admin",
    handle: get,
  },
  {
    method: "DELETE",
    path: protection,
    permission: { name: "administration", level: "write" },
    role: "admin",
    handle: remove,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/rules/branches/{branch}",
    permission: { name: "metadata", level: "read" },
    handle: rules,
  },
];

function protectionOf({ repository, params }: Context): Protection {
  const found = repository.protections.get(params["branch"] ?? "");
  if (found === undefined) throw new ApiError(404, "Branch not protected");
  return found;
}

function get(context: Context): Answer {
  const url = `${apiOf(context.hub.store, context.repository)}/branches/${context.params["branch"]}/protection`;
  return { status: 200, body: presentProtection(url, protectionOf(context)) };
}

function remove(context: Context): Answer {
  protectionOf(context);
  context.repository.protections.delete(context.params["branch"] ?? "");
  return { status: 204 };
}

function presentProtection(url: string, found: Protection): Record<string, unknown> {
  return {
    url,
    ...(found.checks.length > 0 && {
      required_status_checks: {
        url: `${url}/required_status_checks`,
        strict: found.strict,
        contexts: found.checks.map(({ context }) => context),
        contexts_url: `${url}/required_status_checks/contexts`,
        checks: found.checks.map(({ context, appId }) => ({ context, app_id: appId })),
      },
    }),
    ...(found.requirePullRequest && {
      required_pull_request_reviews: {
        url: `${url}/required_pull_request_reviews`,
        dismiss_stale_reviews: found.dismissStale,
        require_code_owner_reviews: false,
        require_last_push_approval: found.lastPushApproval,
        required_approving_review_count: found.requiredApprovals,
      },
    }),
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: found.enforceAdmins },
    required_linear_history: { enabled: false },
    allow_force_pushes: { enabled: found.allowForcePushes },
    allow_deletions: { enabled: false },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: false },
    lock_branch: { enabled: false },
    allow_fork_syncing: { enabled: false },
  };
}

/** Only rules of active rulesets; classic protection is not among them. */
function rules(context: Context): Answer {
  const { repository, params, query } = context;
  const branch = params["branch"] ?? "";
  const names = [branch, "~ALL", ...(branch === repository.defaultBranch ? ["~DEFAULT_BRANCH"] : [])];
  const all = repository.rulesets
    .filter(({ enforcement }) => enforcement === "active")
    .filter(({ branches }) => branches.some((name) => names.includes(name)))
    .flatMap((ruleset) => rulesOf(ruleset, fullNameOf(repository)));
  const { page, perPage } = pageOf(query);
  return { status: 200, body: all.slice((page - 1) * perPage, page * perPage) };
}

function rulesOf({ id, protection }: Ruleset, source: string): Record<string, unknown>[] {
  const made: Record<string, unknown>[] = [];
  if (protection.checks.length > 0) made.push(checksRule(protection));
  if (protection.requirePullRequest) made.push(pullRule(protection));
  if (!protection.allowForcePushes) made.push({ type: "non_fast_forward" });
  if (protection.mergeQueue) made.push({ type: "merge_queue" });
  return made.map((rule) => ({
    ...rule,
    ruleset_source_type: "Repository",
    ruleset_source: source,
    ruleset_id: id,
  }));
}

function checksRule({ checks, strict }: Protection): Record<string, unknown> {
  return {
    type: "required_status_checks",
    parameters: {
      strict_required_status_checks_policy: strict,
      do_not_enforce_on_create: false,
      required_status_checks: checks.map(({ context, appId }) => ({
        context,
        ...(appId !== null && { integration_id: appId }),
      })),
    },
  };
}

function pullRule({
  requiredApprovals,
  dismissStale,
  lastPushApproval,
}: Protection): Record<string, unknown> {
  return {
    type: "pull_request",
    parameters: {
      required_approving_review_count: requiredApprovals,
      dismiss_stale_reviews_on_push: dismissStale,
      require_code_owner_review: false,
      require_last_push_approval: lastPushApproval,
      required_review_thread_resolution: false,
      allowed_merge_methods: ["merge", "squash", "rebase"],
    },
  };
}
