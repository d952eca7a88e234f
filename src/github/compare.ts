/** What lies between two commits. */

import type { components } from "@octokit/openapi-types";
import type { Commit, Comparison, Lineage } from "../model/pull.ts";
import { perPage } from "./collect.ts";
import { personOrNull } from "./person.ts";
import type { Place } from "./place.ts";
import { toFileChange } from "./pull-request.ts";
import { Recent } from "./recent.ts";
import { Refusal } from "./translate.ts";

/** GitHub lists no more files of a comparison than this, whatever page is asked for. */
const maximumFiles = 300;
/** Pages of commits; more than that between two commits is not something anybody reviewed. */
const maximumPages = 20;

/** What lies between two commits never changes; the weight is the number of files and commits. */
export type ComparisonMemory = Recent<Comparison>;

export function comparisonMemory(): ComparisonMemory {
  return new Recent<Comparison>(20_000);
}

const isSha = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);

/** Of a branch, GitHub is asked where it stands; what is kept is kept by commits alone. */
export async function compareCommits(
  place: Place,
  memory: ComparisonMemory,
  base: string,
  head: string,
): Promise<Comparison> {
  const keyOf = (from: string): string => `${place.repositoryId} ${from} ${head}`;
  const known = isSha(base) ? memory.get(keyOf(base)) : undefined;
  if (known !== undefined) return known;
  const comparison = await readComparison(place, base, head);
  const { files, commits } = comparison;
  if (isSha(head)) memory.set(keyOf(comparison.base), comparison, files.length + commits.length + 1);
  return comparison;
}

/** Files come with the first page only; commits are read until all that GitHub counted are here. */
async function readComparison(place: Place, base: string, head: string): Promise<Comparison> {
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
