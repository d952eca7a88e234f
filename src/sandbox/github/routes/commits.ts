/** Commits in order, one by one, and what lies between two of them. */

import { ApiError, notFound } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { changedFiles } from "../git/changed-files.ts";
import { linkHeader, pageOf, paginate } from "../page.ts";
import { presentCommit, presentCommitWithFiles, presentFile } from "../present/commit.ts";
import { presentPullSimple } from "../present/pull.ts";
import { apiOf, pageOfRepository } from "../present/repository.ts";
import { commitsOf } from "../pull-range.ts";
import type { PullRequest } from "../pull-state.ts";
import { resolveCommit } from "../read-ref.ts";
import type { Context, Route } from "../router.ts";

/** GitHub lists this many files of a comparison, and this many commits where no page is asked for. */
const listedFiles = 300;
const listedCommits = 250;

async function listCommits(context: Context): Promise<Answer> {
  const { hub, repository, query } = context;
  const name = query.get("sha") ?? repository.defaultBranch;
  const tip = await resolveCommit(hub, repository, name);
  if (tip === undefined) {
    const empty = (await hub.git(repository).refs("refs/heads/")).size === 0;
    throw empty ? new ApiError(409, "Git Repository is empty.") : notFound();
  }
  const filters = [
    ...(query.has("since") ? [`--since=${query.get("since")}`] : []),
    ...(query.has("until") ? [`--until=${query.get("until")}`] : []),
  ];
  const path = query.get("path");
  const listed = await hub
    .git(repository)
    .run(["rev-list", ...filters, tip, "--", ...(path === null ? [] : [path])]);
  const shas = listed.toString("utf8").split("\n").filter(Boolean);
  return await paginate(context, shas, (sha) => presentCommit(hub, repository, sha));
}

async function getCommit(context: Context): Promise<Answer> {
  const { hub, repository, params, accept } = context;
  const name = params["ref"] ?? "";
  const sha = await resolveCommit(hub, repository, name);
  if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${name}`);
  if (accept.includes("application/vnd.github.sha")) {
    return {
      status: 200,
      body: sha,
      headers: { "content-type": "application/vnd.github.sha; charset=utf-8" },
    };
  }
  return { status: 200, body: await presentCommitWithFiles(hub, repository, sha) };
}

/** Pull requests that brought a commit to where it is, or would. */
async function pullsOfCommit(context: Context): Promise<Answer> {
  const { hub, repository, params } = context;
  const sha = await hub.git(repository).commitOf(params["commit_sha"] ?? "");
  if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${params["commit_sha"]}`);
  const found: PullRequest[] = [];
  for (const pull of repository.pulls.values()) {
    const holds = pull.landed.includes(sha) || (await commitsOf(hub, repository, pull)).includes(sha);
    if (holds) found.push(pull);
  }
  return await paginate(context, found, (pull) => presentPullSimple(hub.store, repository, pull));
}

async function compare(context: Context): Promise<Answer> {
  const { hub, repository, params, query } = context;
  const { store } = hub;
  const [baseName = "", headName = ""] = (params["basehead"] ?? "").split("...", 2);
  const local = (name: string): string => name.replace(`${repository.owner.login}:`, "");
  const base = await resolveCommit(hub, repository, local(baseName));
  const head = await resolveCommit(hub, repository, local(headName));
  if (base === undefined || head === undefined) throw notFound();
  const git = hub.git(repository);
  const mergeBase = await git.mergeBase(base, head);
  if (mergeBase === undefined)
    throw new ApiError(404, `No common ancestor between ${baseName} and ${headName}.`);
  const ahead = await git.between(base, head);
  const behind = (await git.between(head, base)).length;
  const paged = query.has("page") || query.has("per_page");
  const { page, perPage } = paged ? pageOf(query) : { page: 1, perPage: listedCommits };
  const commits = ahead.slice((page - 1) * perPage, page * perPage);
  // Files come with the first page only.
  const files = page === 1 ? await changedFiles(git, mergeBase, head) : [];
  const address = `${pageOfRepository(store, repository)}/compare/${baseName}...${headName}`;
  return {
    status: 200,
    headers: linkHeader(context.url, page, Math.max(1, Math.ceil(ahead.length / perPage))),
    body: {
      url: `${apiOf(store, repository)}/compare/${params["basehead"]}`,
      html_url: address,
      permalink_url: `${pageOfRepository(store, repository)}/compare/${base.slice(0, 7)}...${head.slice(0, 7)}`,
      diff_url: `${address}.diff`,
      patch_url: `${address}.patch`,
      base_commit: await presentCommit(hub, repository, base),
      merge_base_commit: await presentCommit(hub, repository, mergeBase),
      status: statusOf(ahead.length, behind),
      ahead_by: ahead.length,
      behind_by: behind,
      total_commits: ahead.length,
      commits: await Promise.all(commits.map((sha) => presentCommit(hub, repository, sha))),
      files: files.slice(0, listedFiles).map((file) => presentFile(store, repository, head, file)),
    },
  };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? "diverged" : "ahead";
  return behind > 0 ? "behind" : "identical";
}

const permission = { name: "contents", level: "read" } as const;
const commits = "/repos/{owner}/{repo}/commits";

export const commitRoutes: readonly Route[] = [
  { method: "GET", path: commits, permission, handle: listCommits },
  { method: "GET", path: `${commits}/{ref}`, permission, handle: getCommit },
  {
    method: "GET",
    path: `${commits}/{commit_sha}/pulls`,
    permission: [{ name: "pull_requests", level: "read" }, permission],
    handle: pullsOfCommit,
  },
  { method: "GET", path: "/repos/{owner}/{repo}/compare/{basehead}", permission, handle: compare },
];
