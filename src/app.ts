/** The Probot app: which webhook event puts which keys on the queue. */

import type { Probot } from "probot";
import { z } from "zod";
import { planCheck } from "./flows/plan/plan-report.ts";
import type { Key } from "./model/key.ts";
import type { RepositoryRef } from "./model/repository.ts";
import type { Queue } from "./ports/queue.ts";
import { livePrefix } from "./model/live-branch.ts";

/** Names that GitHub can give; whatever else stands in a payload is not used. */
const account = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9_-])?(?:\[bot\])?$/);
const repositoryName = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/);
const id = z.int().positive();
const sha = z.string().regex(/^[0-9a-f]{40}$/);

/** The few fields that make a key; each is dropped where it is not what it should be. */
const facts = z.object({
  action: z.string().optional().catch(undefined),
  installation: z.object({ id }).optional().catch(undefined),
  repository: z
    .object({
      id,
      name: repositoryName,
      owner: z.object({ login: account }),
      default_branch: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  ref: z.string().optional().catch(undefined),
  pull_request: z
    .object({ head: z.object({ sha }) })
    .optional()
    .catch(undefined),
  check_run: z
    .object({ head_sha: sha, name: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  check_suite: z.object({ head_sha: sha }).optional().catch(undefined),
  merge_group: z.object({ head_sha: sha }).optional().catch(undefined),
  issue: z
    .object({ number: id, labels: z.array(z.object({ name: z.string() })).catch([]) })
    .optional()
    .catch(undefined),
  label: z.object({ name: z.string() }).optional().catch(undefined),
  sender: z.object({ type: z.string() }).optional().catch(undefined),
});
type Facts = z.infer<typeof facts> & { readonly at: RepositoryRef };
type Row = (facts: Facts) => readonly Key[];

const of =
  (...flows: ("scan" | "apps" | "landings" | "pulls" | "dashboard")[]) =>
  ({ at: repository }: Facts): readonly Key[] =>
    flows.map((flow) => ({ flow, repository }));

function check({ at: repository }: Facts, head: string | undefined): readonly Key[] {
  return head === undefined ? [] : [{ flow: "check", repository, sha: head }];
}

function plan({ at: repository }: Facts, head: string | undefined): readonly Key[] {
  return head === undefined ? [] : [{ flow: "plan", repository, sha: head }];
}

/** The one check that somebody has asked for again. */
function again(facts: Facts): readonly Key[] {
  const { check_run, at: repository } = facts;
  if (check_run === undefined || check_run.name !== planCheck) return check(facts, check_run?.head_sha);
  return [{ flow: "plan", repository, sha: check_run.head_sha, anew: true }];
}

/** Only on these actions, or on every one where none is named. */
const on =
  (actions: readonly string[], row: Row): Row =>
  (facts) =>
    actions.includes(facts.action ?? "") ? row(facts) : [];

/** Only about an issue that carries a label, or has just lost it. */
const about =
  (name: string, row: Row): Row =>
  (facts) =>
    [...(facts.issue?.labels ?? []), facts.label].some((label) => label?.name === name) ? row(facts) : [];

const dashboard = about("lockkeeper/dashboard", of("dashboard"));

/** What we write ourselves tells us nothing new. */
const byPeople =
  (row: Row): Row =>
  (facts) =>
    facts.sender?.type === "Bot" ? [] : row(facts);

const pullChanged = [
  "opened",
  "synchronize",
  "reopened",
  "edited",
  "ready_for_review",
  "converted_to_draft",
  "labeled",
  "unlabeled",
];

/** A plan follows from the commits alone, and from the branch onto which they go. */
const planChanged = ["opened", "synchronize", "reopened", "edited"];

/** Events of one repository. The rows are hints where to look; what is found there decides. */
const rows: Readonly<Record<string, Row>> = {
  push: (event) => {
    if (event.ref?.startsWith(`refs/heads/${livePrefix}`)) return of("apps")(event);
    if (event.ref?.startsWith("refs/heads/lockkeeper/")) return of("scan")(event);
    return event.ref === `refs/heads/${event.repository?.default_branch}`
      ? of("apps", "scan", "pulls")(event)
      : [];
  },
  pull_request: (event) => [
    ...on(pullChanged, (pull) => check(pull, pull.pull_request?.head.sha))(event),
    ...on(planChanged, (pull) => plan(pull, pull.pull_request?.head.sha))(event),
    ...on(["closed"], (pull) => [
      ...of("landings", "scan")(pull),
      ...check(pull, pull.pull_request?.head.sha),
    ])(event),
  ],
  pull_request_review: (event) => check(event, event.pull_request?.head.sha),
  issue_comment: on(["created"], ({ at: repository, issue }) =>
    issue === undefined ? [] : [{ flow: "command", repository, number: issue.number }],
  ),
  issues: (event) => [
    ...on(["closed", "reopened", "labeled", "unlabeled"], about("lockkeeper/drift", of("apps")))(event),
    ...on(["edited", "closed", "reopened", "deleted", "unlabeled"], byPeople(dashboard))(event),
  ],
  check_run: on(["rerequested", "requested_action"], again),
  check_suite: on(["rerequested"], (event) => [
    ...check(event, event.check_suite?.head_sha),
    ...plan(event, event.check_suite?.head_sha),
  ]),
  merge_group: on(["checks_requested"], (event) => check(event, event.merge_group?.head_sha)),
  deployment_status: of("scan"),
  member: of("pulls"),
  team: of("pulls"),
  repository: on(
    ["renamed", "transferred", "unarchived", "edited", "publicized", "privatized"],
    of("apps", "scan", "pulls"),
  ),
};

/** A package lies beside its sources, while other repositories deploy it. GitHub tells of one push by both names. */
const pushes: readonly string[] = ["package", "registry_package"];

/** Events that concern more than one repository. */
const wide: readonly string[] = [
  "installation",
  "installation_repositories",
  "membership",
  "organization",
  "team",
];
const leaving = ["deleted", "suspend", "removed"];

/** Every event that is listened to. */
export const events: readonly string[] = [...new Set([...Object.keys(rows), ...pushes, ...wide])];

/** The keys of an event; none for whatever is not understood. Never throws, whatever the payload is. */
export function keysOf(event: string, payload: unknown): readonly Key[] {
  const parsed = facts.safeParse(payload);
  if (!parsed.success || !events.includes(event)) return [];
  const { repository, installation, action } = parsed.data;
  if (pushes.includes(event)) return installation === undefined ? [] : [{ flow: "scans" }];
  if (repository !== undefined && installation !== undefined && event in rows) {
    const { id, name, owner } = repository;
    const at = { id, owner: owner.login, name, installation: installation.id };
    return rows[event]?.({ ...parsed.data, at }) ?? [];
  }
  const resync = wide.includes(event) && installation !== undefined && !leaving.includes(action ?? "");
  return resync ? [{ flow: "resync" }] : [];
}

/** Puts the keys of every event on the queue and does nothing else. */
export default function lockkeeper(queue: Queue): (app: Probot) => void {
  return (app) => {
    app.on([...events] as Parameters<Probot["on"]>[0], (context) => {
      for (const key of keysOf(context.name, context.payload)) queue.add(key);
    });
  };
}
