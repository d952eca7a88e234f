/** Branches, commits and files of one repository. */

import type { components } from "@octokit/openapi-types";
import type { RefActivity } from "../model/pull.ts";
import type { Head } from "../model/repository.ts";
import type { Code } from "../ports/forge.ts";
import { collect, nextCursor, perPage } from "./collect.ts";
import { type ComparisonMemory, compareCommits, lineageOf } from "./compare.ts";
import { personOrNull } from "./person.ts";
import type { Place } from "./place.ts";
import { toPull } from "./pull-request.ts";
import type { Snapshots } from "./snapshot.ts";
import { Refusal, attempt, failureOf } from "./translate.ts";
import { type TreeMemory, readTree } from "./tree.ts";
import { moveBranch, writeBranch } from "./write-branch.ts";

/** Pages of activity; a branch that moved more often since a review has no history worth trusting. */
const maximumActivityPages = 20;

/** What stays as it is and was read before: losing it costs requests. */
export interface CodeMemory {
  readonly trees: TreeMemory;
  readonly snapshots: Snapshots;
  readonly comparisons: ComparisonMemory;
}

export function codeOf(place: Place, { trees, snapshots, comparisons }: CodeMemory): Code {
  const { octokit, at } = place;
  return {
    head: () => attempt("read the default branch", () => readHead(place)),
    branch: (name) => attempt(`read the branch ${name}`, () => tip(place, name)),
    branches: (prefix) => attempt(`list branches ${prefix}*`, () => listBranches(place, prefix)),
    snapshot: (sha) => attempt(`read the files of ${sha}`, () => snapshots.get(place, sha)),
    compare: (base, head) =>
      attempt(`compare ${base} with ${head}`, () => compareCommits(place, comparisons, base, head)),
    lineage: (base, head) => attempt(`compare ${base} with ${head}`, () => lineageOf(place, base, head)),
    tree: (sha) => attempt(`list the paths of ${sha}`, () => readTree(place, trees, sha)),
    activity: (branch, since) =>
      attempt(`read the activity of ${branch}`, () => readActivity(place, branch, since)),
    pullsOf: (sha) =>
      attempt(`find the pull requests of ${sha}`, async () => {
        const { items } = await collect((page) =>
          octokit.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
            ...at,
            commit_sha: sha,
            per_page: perPage,
            page,
          }),
        );
        return items.map(toPull);
      }),
    writeBranch: (content) =>
      attempt(`write the branch ${content.branch}`, () => writeBranch(place, trees, content)),
    moveBranch: (move, sha) => attempt(`move the branch ${move.branch}`, () => moveBranch(place, move, sha)),
    deleteBranch: (name) => attempt(`delete the branch ${name}`, () => deleteBranch(place, name)),
  };
}

async function readHead(place: Place): Promise<Head> {
  const { data } = await place.octokit.request("GET /repos/{owner}/{repo}", place.at);
  if (data.id !== place.repositoryId) {
    throw new Refusal("not-found", "another repository has taken the name of this one");
  }
  const branch = data.default_branch;
  const { sha, tree } = await tipAndTree(place, branch);
  const frozen = data.archived || data.disabled;
  return { branch, sha, tree, frozen, owner: data.owner.login, webUrl: new URL(data.html_url).origin };
}

async function tipAndTree(place: Place, branch: string): Promise<{ sha: string; tree: string }> {
  const { data } = await place.octokit.request("GET /repos/{owner}/{repo}/branches/{branch}", {
    ...place.at,
    branch,
  });
  return { sha: data.commit.sha, tree: data.commit.commit.tree.sha };
}

async function tip(place: Place, branch: string): Promise<string> {
  try {
    const { data } = await place.octokit.request("GET /repos/{owner}/{repo}/git/ref/{ref}", {
      ...place.at,
      ref: `heads/${branch}`,
    });
    return data.object.sha;
  } catch (error) {
    if (failureOf(error)?.code === "conflict") throw new Refusal("not-found", "the repository is empty");
    throw error;
  }
}

async function listBranches(place: Place, prefix: string): Promise<ReadonlyMap<string, string>> {
  const { items } = await collect((page) =>
    place.octokit.request("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", {
      ...place.at,
      ref: `heads/${prefix}`,
      per_page: perPage,
      page,
    }),
  );
  return new Map(items.map((raw) => [raw.ref.slice("refs/heads/".length), raw.object.sha]));
}

/** Activity is paged by cursor, and it has no filter by time that is finer than a day. */
async function readActivity(place: Place, branch: string, since: string): Promise<readonly RefActivity[]> {
  let after: string | undefined;
  const oldest = Date.parse(since);
  const { items, complete } = await collect(
    async () => {
      const answer = await place.octokit.request("GET /repos/{owner}/{repo}/activity", {
        ...place.at,
        ref: `refs/heads/${branch}`,
        per_page: perPage,
        ...(after === undefined ? {} : { after }),
      });
      after = nextCursor(answer.headers.link, "after") ?? undefined;
      return answer;
    },
    maximumActivityPages,
    (soFar) => Date.parse(soFar.at(-1)?.timestamp ?? "") < oldest,
  );
  const reached = Date.parse(items.at(-1)?.timestamp ?? "") < oldest;
  if (!complete && !reached) throw new Refusal("incomplete", "the activity goes back further than we read");
  return items.map(toActivity);
}

function toActivity(raw: components["schemas"]["activity"]): RefActivity {
  return {
    before: raw.before,
    after: raw.after,
    actor: personOrNull(raw.actor),
    at: raw.timestamp,
    type: raw.activity_type,
  };
}

/** A branch that is gone already is as good as deleted. */
async function deleteBranch(place: Place, name: string): Promise<void> {
  try {
    await place.octokit.request("DELETE /repos/{owner}/{repo}/git/refs/{ref}", {
      ...place.at,
      ref: `heads/${name}`,
    });
  } catch (error) {
    if (!/reference does not exist/i.test(failureOf(error)?.message ?? "")) throw error;
  }
}
