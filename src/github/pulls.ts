/** Pull requests of one repository. */

import type { components } from "@octokit/openapi-types";
import type { FileChange, PullMoves, PullRequest, Review } from "../model/pull.ts";
import type { Pulls } from "../ports/forge.ts";
import { collect, perPage } from "./collect.ts";
import { person } from "./person.ts";
import type { Place } from "./place.ts";
import { toFileChange, toPull } from "./pull-request.ts";
import { Refusal, attempt } from "./translate.ts";

type RawReview = components["schemas"]["pull-request-review"];

/** GitHub lists no more files of a pull request than this. */
const maximumFiles = 3000;
const closedPages = 3;

export function pullsOf(place: Place): Pulls {
  const { octokit, at } = place;
  return {
    open: (base) =>
      attempt(`list open pull requests onto ${base ?? "any branch"}`, async () =>
        (await collect((page) => list(place, { state: "open", base }, page))).items.map(toPull),
      ),
    withHead: (sha) => attempt(`find the pull requests of ${sha}`, () => listWithHead(place, sha)),
    closed: (headPrefix) => attempt("list closed pull requests", () => listClosed(place, headPrefix)),
    from: (owner, branch) =>
      attempt(`list the pull requests from ${branch}`, () => listFrom(place, `${owner}:${branch}`)),
    get: (number) =>
      attempt(`read pull request #${number}`, async () => {
        const { data } = await octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
          ...at,
          pull_number: number,
        });
        return toPull(data);
      }),
    files: (number) => attempt(`list the files of #${number}`, () => listFiles(place, number)),
    reviews: (number) =>
      attempt(`list the reviews of #${number}`, async () => {
        const { items } = await collect((page) =>
          octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
            ...at,
            pull_number: number,
            per_page: perPage,
            page,
          }),
        );
        return items.map(toReview);
      }),
    moves: (number) => attempt(`list the events of #${number}`, () => readMoves(place, number)),
    ...writing(place),
  };
}

function writing({ octokit, at }: Place): Pick<Pulls, "requestReviews" | "create" | "update"> {
  return {
    requestReviews: (number, { users, teams }) =>
      attempt(`ask for reviews of #${number}`, async () => {
        await octokit.request("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
          ...at,
          pull_number: number,
          reviewers: [...users],
          team_reviewers: teams.map((team) => team.slice(team.indexOf("/") + 1)),
        });
      }),
    create: (draft) =>
      attempt(`open a pull request from ${draft.head}`, async () => {
        const { data } = await octokit.request("POST /repos/{owner}/{repo}/pulls", { ...at, ...draft });
        return toPull(data);
      }),
    update: (number, change) =>
      attempt(`change pull request #${number}`, async () => {
        const { data } = await octokit.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
          ...at,
          pull_number: number,
          ...change,
        });
        return toPull(data);
      }),
  };
}

type ListFilter =
  | { state: "open"; base?: string }
  | { state: "all"; head: string }
  | { state: "closed"; sort: "updated"; direction: "desc" };

function list(place: Place, filter: ListFilter, page: number) {
  return place.octokit.request("GET /repos/{owner}/{repo}/pulls", {
    ...place.at,
    ...filter,
    per_page: perPage,
    page,
  });
}

/** Each pull request says what its base repository is now: its default branch, and whether anything can be written. */
async function listWithHead(place: Place, sha: string): Promise<readonly PullRequest[]> {
  const { items } = await collect((page) => list(place, { state: "open" }, page));
  return items.filter(({ head, base }) => head.sha === sha && isOpenDefault(place, base)).map(toPull);
}

function isOpenDefault(
  { repositoryId }: Place,
  { ref, repo }: components["schemas"]["pull-request-simple"]["base"],
): boolean {
  if (Number(repo.id) !== repositoryId) {
    throw new Refusal("not-found", "another repository has taken the name of this one");
  }
  return ref === repo.default_branch && !repo.archived && !repo.disabled;
}

/** The same branch name in a fork is somebody else's. */
async function listClosed(
  place: Place,
  headPrefix: string,
): Promise<{ pulls: readonly PullRequest[]; complete: boolean }> {
  const filter = { state: "closed", sort: "updated", direction: "desc" } as const;
  const { items, complete } = await collect((page) => list(place, filter, page), closedPages);
  const pulls = items
    .map(toPull)
    .filter((pull) => pull.headRepository === place.repositoryId && pull.headBranch.startsWith(headPrefix));
  return { pulls, complete };
}

async function listFrom(place: Place, head: string): Promise<readonly PullRequest[]> {
  const { items, complete } = await collect((page) => list(place, { state: "all", head }, page));
  if (!complete) throw new Refusal("incomplete", `GitHub did not list all pull requests from ${head}`);
  return items.map(toPull).filter((pull) => pull.headRepository === place.repositoryId);
}

async function listFiles(place: Place, number: number): Promise<readonly FileChange[]> {
  const { items, complete } = await collect((page) =>
    place.octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", {
      ...place.at,
      pull_number: number,
      per_page: perPage,
      page,
    }),
  );
  if (!complete || items.length >= maximumFiles) {
    throw new Refusal("incomplete", `GitHub lists only ${maximumFiles} files of a pull request`);
  }
  return items.map(toFileChange);
}

/** By hand; by GitHub, when the branch it was stacked on was merged and deleted; or under it, when its base was rewritten. */
const baseChanges = ["base_ref_changed", "automatic_base_change_succeeded", "base_ref_force_pushed"];

const headChanges = ["head_ref_force_pushed", "head_ref_deleted", "head_ref_restored"];

async function readMoves(place: Place, number: number): Promise<PullMoves> {
  const { items, complete } = await collect((page) =>
    place.octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}/events", {
      ...place.at,
      issue_number: number,
      per_page: perPage,
      page,
    }),
  );
  if (!complete) throw new Refusal("incomplete", "GitHub did not list all events of a pull request");
  const last = (changes: readonly string[]): string | null => {
    const times = items.filter(({ event }) => changes.includes(event)).map((event) => event.created_at);
    return times.sort().at(-1) ?? null;
  };
  return { retargetedAt: last(baseChanges), headForcedAt: last(headChanges) };
}

const reviewStates: Readonly<Record<string, Review["state"]>> = {
  APPROVED: "approved",
  CHANGES_REQUESTED: "changes-requested",
  COMMENTED: "commented",
  DISMISSED: "dismissed",
  PENDING: "pending",
};

function toReview(raw: RawReview): Review {
  return {
    id: Number(raw.id),
    author: person(raw.user),
    state: reviewStates[raw.state.toUpperCase()] ?? "commented",
    submittedAt: raw.submitted_at ?? "",
    commitSha: raw.commit_id ?? "",
  };
}
