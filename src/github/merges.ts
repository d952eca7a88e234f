/** Merging pull requests: whether and how they can be, and having it done by GitHub, by the merge queue or at once. */

import { z } from "zod";
import type { JudgedPull, MergeMethod, Merges, Readiness } from "../ports/merges.ts";
import { readGuard } from "./branch-guard.ts";
import type { Place } from "./place.ts";
import { Refusal, attempt } from "./translate.ts";

export function mergesOf(place: Place): Merges {
  const { octokit, at } = place;
  return {
    readiness: (number) => attempt(`learn how #${number} can be merged`, () => readReadiness(place, number)),
    requires: (branch, check) =>
      attempt(`read what ${branch} requires`, async () => {
        const guard = await readGuard(place, branch, check);
        return guard.check === "ours";
      }),
    guard: (branch, check) => attempt(`read what guards ${branch}`, () => readGuard(place, branch, check)),
    queued: (branch) => attempt(`read the merge queue of ${branch}`, () => readQueue(place, branch)),
    ...mutating(place),
    merge: ({ number, headSha }, method) =>
      attempt(`merge #${number}`, async () => {
        const { data } = await octokit.request("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", {
          ...at,
          pull_number: number,
          sha: headSha,
          merge_method: method,
        });
        return data.sha;
      }),
  };
}

function mutating({ octokit }: Place): Pick<Merges, "enableAutoMerge" | "disableAutoMerge" | "enqueue"> {
  const mutate = async (mutation: string, input: Readonly<Record<string, unknown>>): Promise<void> => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${mutation}(input: $input) { clientMutationId } }`;
    await octokit.graphql(query, { input });
  };
  return {
    enableAutoMerge: (pull, method) =>
      attempt(`have #${pull.number} merged by GitHub`, () =>
        mutate("enablePullRequestAutoMerge", { ...named(pull), mergeMethod: method.toUpperCase() }),
      ),
    disableAutoMerge: (nodeId) =>
      attempt("keep GitHub from merging a pull request", () =>
        mutate("disablePullRequestAutoMerge", { pullRequestId: nodeId }),
      ),
    enqueue: (pull) =>
      attempt(`put #${pull.number} into the merge queue`, () => mutate("enqueuePullRequest", named(pull))),
  };
}

/** A pull request at the head that was judged. */
function named({ nodeId, headSha }: JudgedPull): Readonly<Record<string, string>> {
  return { pullRequestId: nodeId, expectedHeadOid: headSha };
}

const readinessQuery = `query ($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    autoMergeAllowed squashMergeAllowed mergeCommitAllowed rebaseMergeAllowed
    pullRequest(number: $number) {
      headRefOid mergeStateStatus isInMergeQueue isMergeQueueEnabled
    }
  }
}`;

const words = ["behind", "blocked", "clean", "dirty", "draft", "has_hooks", "unknown", "unstable"] as const;

const readinessAnswer = z.object({
  repository: z.object({
    autoMergeAllowed: z.boolean(),
    squashMergeAllowed: z.boolean(),
    mergeCommitAllowed: z.boolean(),
    rebaseMergeAllowed: z.boolean(),
    pullRequest: z.object({
      headRefOid: z.string(),
      mergeStateStatus: z.string().toLowerCase().pipe(z.enum(words)).catch("blocked"),
      isInMergeQueue: z.boolean(),
      isMergeQueueEnabled: z.boolean(),
    }),
  }),
});

/** A bump is one commit: squashed it stays one, is signed by GitHub, and fits a branch that wants a linear history. */
async function readReadiness(place: Place, number: number): Promise<Readiness> {
  const { repository } = await query(place, readinessQuery, { number }, readinessAnswer);
  const { pullRequest: pull } = repository;
  const allowed: readonly (readonly [MergeMethod, boolean])[] = [
    ["squash", repository.squashMergeAllowed],
    ["merge", repository.mergeCommitAllowed],
    ["rebase", repository.rebaseMergeAllowed],
  ];
  return {
    headSha: pull.headRefOid,
    word: pull.mergeStateStatus,
    queue: pull.isInMergeQueue ? "inside" : pull.isMergeQueueEnabled ? "outside" : "none",
    autoMerge: repository.autoMergeAllowed,
    methods: allowed.flatMap(([method, may]) => (may ? method : [])),
  };
}

const queueQuery = `query ($owner: String!, $repo: String!, $branch: String!) {
  repository(owner: $owner, name: $repo) {
    mergeQueue(branch: $branch) { entries(first: 100) { nodes { pullRequest { number } } } }
  }
}`;

const queueAnswer = z.object({
  repository: z.object({
    mergeQueue: z
      .object({
        entries: z.object({ nodes: z.array(z.object({ pullRequest: z.object({ number: z.number() }) })) }),
      })
      .nullable(),
  }),
});

async function readQueue(place: Place, branch: string): Promise<ReadonlySet<number>> {
  const { repository } = await query(place, queueQuery, { branch }, queueAnswer);
  return new Set((repository.mergeQueue?.entries.nodes ?? []).map(({ pullRequest }) => pullRequest.number));
}

async function query<T>(
  { octokit, at }: Place,
  text: string,
  variables: Readonly<Record<string, unknown>>,
  answer: z.ZodType<T>,
): Promise<T> {
  const parsed = answer.safeParse(await octokit.graphql(text, { ...at, ...variables }));
  if (!parsed.success) throw new Refusal("malformed", "GitHub's answer is not what was asked for");
  return parsed.data;
}
