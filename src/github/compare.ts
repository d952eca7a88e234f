/** What lies between two commits. */

import type { components } from "@octokit/openapi-types";
import type { Commit, Comparison, Lineage } from "../model/pull.ts";
import { perPage } from "./collect.ts";
import { personOrNull } from "./person.ts";
import type { Place } from "./place.ts";
import { toFileChange } from "./pull-request.ts";
import { Refusal } from "./translate.ts";

/** GitHub lists no more files of a comparison than this, whatever page is asked for. */
const maximumFiles = 300;
/** Pages of commits; more than that between two commits is not something anybody reviewed. */
const maximumPages = 20;

/** Files come with the first page only; commits are read until all that GitHub counted are here. */
export async function compareCommits(place: Place, base: string, head: string): Promise<Comparison> {
  const first = await page(place, `${base}...${head}`, 1);
  const files = first.files ?? [];
  if (files.length >= maximumFiles) {
    throw new Refusal("incomplete", `GitHub lists only ${maximumFiles} files of a comparison`);
  }
  return { ...(await lineageFrom(place, first, `${base}...${head}`)), files: files.map(toFileChange) };
}

/** As the comparison, whatever number of files has changed. */
export async function lineageOf(place: Place, base: string, head: string): Promise<Lineage> {
  return lineageFrom(place, await page(place, `${base}...${head}`, 1), `${base}...${head}`);
}

async function lineageFrom(place: Place, first: RawComparison, basehead: string): Promise<Lineage> {
  const commits = [...first.commits];
  for (let number = 2; commits.length < first.total_commits; number++) {
    const next = number > maximumPages ? [] : (await page(place, basehead, number)).commits;
    if (next.length === 0) throw new Refusal("incomplete", "GitHub did not list all commits of a comparison");
    commits.push(...next);
  }
  return {
    base: first.base_commit.sha,
    status: first.status,
    mergeBase: first.merge_base_commit.sha,
    commits: commits.map(toCommit),
  };
}

type RawComparison = components["schemas"]["commit-comparison"];

async function page(place: Place, basehead: string, number: number): Promise<RawComparison> {
  const { data } = await place.octokit.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
    ...place.at,
    basehead,
    per_page: perPage,
    page: number,
  });
  return data;
}

function toCommit(raw: components["schemas"]["commit"]): Commit {
  return {
    sha: raw.sha,
    tree: raw.commit.tree.sha,
    parents: raw.parents.map((parent) => parent.sha),
    message: raw.commit.message,
    author: personOrNull(raw.author),
    committer: personOrNull(raw.committer),
    verified: raw.commit.verification?.verified ?? false,
  };
}
