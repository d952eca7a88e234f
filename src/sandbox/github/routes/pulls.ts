/** Pull requests: listed, opened, read and edited. */

import { appOf } from "../actor.ts";
import { ApiError, invalidRequest, notFound, validationFailed } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { forkOf, headRepositoryOf } from "../forks.ts";
import { askMergeState } from "../merge-state.ts";
import { optionalFlag, optionalText, optionalWord, text } from "../input.ts";
import { paginate } from "../page.ts";
import { presentCommit, presentFile } from "../present/commit.ts";
import { presentPull, presentPullSimple } from "../present/pull.ts";
import { announcePull, closePull, hasTwin, openPull } from "../pull-life.ts";
import { commitsOf, filesOf } from "../pull-range.ts";
import type { PullRequest } from "../pull-state.ts";
import type { Repository } from "../repository-state.ts";
import type { Context, Route } from "../router.ts";
import { checkedBody } from "../text-limit.ts";
import { writerOf } from "../writer.ts";

/** GitHub stops listing here. */
const listedFiles = 3000;
const listedCommits = 250;

/** The pull request of `{pull_number}`, or 404. */
export function pullOfContext({ repository, params }: Context): PullRequest {
  const pull = repository.pulls.get(Number(params["pull_number"]));
  if (!pull) throw notFound();
  return pull;
}

function listPulls(context: Context): Promise<Answer> {
  const { hub, repository, query } = context;
  const state = query.get("state") ?? "open";
  if (!["open", "closed", "all"].includes(state)) throw validationFailed({ field: "state", code: "invalid" });
  const sort = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const head = query.get("head");
  const base = query.get("base");
  const chosen = [...repository.pulls.values()].filter(
    (pull) =>
      (state === "all" || pull.issue.state === state) &&
      // Without an owner GitHub ignores the filter.
      (head === null || !head.includes(":") || head === labelOf(context, pull)) &&
      (base === null || pull.baseBranch === base),
  );
  chosen.sort((a, b) => a.issue[sort].getTime() - b.issue[sort].getTime() || a.issue.number - b.issue.number);
  const ascending =
    query.get("direction") === "asc" ||
    (query.has("sort") && !query.has("direction") && sort !== "createdAt");
  if (!ascending) chosen.reverse();
  return paginate(context, chosen, (pull) => presentPullSimple(hub.store, repository, pull));
}

function labelOf({ hub, repository }: Context, pull: PullRequest): string {
  return `${headRepositoryOf(hub.store, repository, pull).owner.login}:${pull.headBranch}`;
}

/** The branch named by `head`, which may carry the owner: then it may be in a fork. */
function headOf({ hub, repository, body }: Context): { from: Repository; headBranch: string } {
  const [owner = "", ...rest] = text(body, "head").split(":");
  if (rest.length === 0) return { from: repository, headBranch: owner };
  const from = forkOf(hub.store, repository, owner);
  if (from === undefined) throw invalid("head");
  return { from, headBranch: rest.join(":") };
}

function invalid(field: string): ApiError {
  return validationFailed({ resource: "PullRequest", field, code: "invalid" });
}

async function createPull(context: Context): Promise<Answer> {
  const { hub, repository, body, actor } = context;
  const title = text(body, "title");
  if (title.trim() === "")
    throw validationFailed({ resource: "Issue", field: "title", code: "missing_field" });
  const pullBody = checkedBody("PullRequest", optionalText(body, "body") ?? null);
  const { from, headBranch } = headOf(context);
  const baseBranch = text(body, "base");
  const git = hub.git(repository);
  const headSha = await hub.git(from).ref(`refs/heads/${headBranch}`);
  const baseSha = await git.ref(`refs/heads/${baseBranch}`);
  if (headSha === undefined) throw invalid("head");
  if (baseSha === undefined) throw invalid("base");
  // GitHub has one store of objects for a repository and its forks.
  if (from !== repository) await git.run(["fetch", "--quiet", from.directory, headSha]);
  const head = { headBranch, headRepositoryId: from.id, headSha };
  await refuseUseless(context, { ...head, baseBranch, baseSha });
  const draft = optionalFlag(body, "draft") ?? false;
  const places = { ...head, baseBranch, baseSha };
  const author = { user: writerOf(context), app: appOf(actor) };
  const pull = await openPull(hub, repository, { title, body: pullBody, draft, ...places }, author);
  const presented = await presentPull(hub, repository, pull);
  await askMergeState(hub, repository, pull);
  return { status: 201, body: presented, headers: { location: String(presented["url"]) } };
}

function custom(message: string): ApiError {
  return validationFailed({ resource: "PullRequest", code: "custom", message });
}

interface Places {
  readonly headBranch: string;
  readonly headRepositoryId: number;
  readonly baseBranch: string;
  readonly headSha: string;
  readonly baseSha: string;
}

async function refuseUseless({ hub, repository }: Context, places: Places): Promise<void> {
  const { headBranch, baseBranch } = places;
  const git = hub.git(repository);
  if (await git.isAncestor(places.headSha, places.baseSha)) {
    throw custom(`No commits between ${baseBranch} and ${headBranch}`);
  }
  if ((await git.mergeBase(places.headSha, places.baseSha)) === undefined) {
    throw custom(`The ${headBranch} branch has no history in common with ${baseBranch}`);
  }
  if (hasTwin(repository, places))
    throw custom(`A pull request already exists for ${repository.owner.login}:${headBranch}.`);
}

/** Whether it can be merged is worked out after the answer, for the next one. */
async function getPull(context: Context): Promise<Answer> {
  const { hub, repository } = context;
  const pull = pullOfContext(context);
  const body = await presentPull(hub, repository, pull);
  await askMergeState(hub, repository, pull);
  return { status: 200, body };
}

async function updatePull(context: Context): Promise<Answer> {
  const { hub, repository, body } = context;
  const pull = pullOfContext(context);
  const sender = writerOf(context);
  const title = optionalText(body, "title");
  const newBody = optionalText(body, "body");
  checkedBody("PullRequest", newBody ?? null);
  const changes = {
    ...(title !== undefined && title !== pull.issue.title && { title: { from: pull.issue.title } }),
    ...(newBody !== undefined && newBody !== pull.issue.body && { body: { from: pull.issue.body ?? "" } }),
    ...(await changeBase(context, pull)),
  };
  pull.issue.title = title ?? pull.issue.title;
  pull.issue.body = newBody ?? pull.issue.body;
  if (Object.keys(changes).length > 0) {
    pull.issue.updatedAt = hub.store.now();
    await announcePull(hub, repository, pull, { action: "edited", sender, payload: { changes } });
  }
  const state = optionalWord(body, "state", ["open", "closed"]);
  if (state === "closed" && pull.issue.state === "open") {
    await closePull(hub, repository, pull, { actor: sender });
  }
  if (state === "open" && pull.issue.state === "closed") await reopen(context, pull);
  return { status: 200, body: await presentPull(hub, repository, pull) };
}

async function changeBase(context: Context, pull: PullRequest): Promise<Record<string, unknown>> {
  const { hub, repository, body } = context;
  const base = optionalText(body, "base");
  if (base === undefined || base === pull.baseBranch) return {};
  if (pull.issue.state === "closed") {
    throw invalidRequest("Cannot change the base branch of a closed pull request.");
  }
  const sha = await hub.git(repository).ref(`refs/heads/${base}`);
  if (sha === undefined) throw invalid("base");
  const from = { ref: { from: pull.baseBranch }, sha: { from: pull.baseSha } };
  pull.baseBranch = base;
  pull.baseSha = sha;
  pull.baseChanges.push({ id: hub.store.nextId(), actor: writerOf(context), at: hub.store.now() });
  return { base: from };
}

async function reopen(context: Context, pull: PullRequest): Promise<void> {
  const { hub, repository } = context;
  const from = headRepositoryOf(hub.store, repository, pull);
  const head = await hub.git(from).ref(`refs/heads/${pull.headBranch}`);
  if (pull.merged || pull.unreopenable || head !== pull.headSha || hasTwin(repository, pull)) {
    throw validationFailed({
      resource: "PullRequest",
      field: "state",
      code: "invalid",
      message: "state cannot be changed. The pull request cannot be reopened.",
    });
  }
  pull.issue.state = "open";
  pull.issue.closedAt = null;
  pull.issue.closedBy = null;
  pull.issue.updatedAt = hub.store.now();
  await announcePull(hub, repository, pull, { action: "reopened", sender: writerOf(context) });
}

const pulls = "/repos/{owner}/{repo}/pulls";
const read = { name: "pull_requests", level: "read" } as const;
const write = { name: "pull_requests", level: "write" } as const;

export const pullRoutes: readonly Route[] = [
  { method: "GET", path: pulls, permission: read, handle: listPulls },
  { method: "POST", path: pulls, permission: write, role: "read", handle: createPull },
  {
    method: "GET",
    path: `${pulls}/{pull_number}`,
    permission: read,
    handle: getPull,
  },
  { method: "PATCH", path: `${pulls}/{pull_number}`, permission: write, handle: updatePull },
  {
    method: "GET",
    path: `${pulls}/{pull_number}/files`,
    permission: read,
    handle: async (context) => {
      const { hub, repository } = context;
      const pull = pullOfContext(context);
      const files = (await filesOf(hub, repository, pull)).slice(0, listedFiles);
      return await paginate(context, files, (file) => presentFile(hub.store, repository, pull.headSha, file));
    },
  },
  {
    method: "GET",
    path: `${pulls}/{pull_number}/commits`,
    permission: read,
    handle: async (context) => {
      const { hub, repository } = context;
      const commits = (await commitsOf(hub, repository, pullOfContext(context))).slice(0, listedCommits);
      return await paginate(context, commits, (sha) => presentCommit(hub, repository, sha));
    },
  },
];
