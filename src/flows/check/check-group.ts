/**
 * Judges what a merge queue has built: GitHub lands such a commit only with our check on it, and it is the head of no pull
 * request. https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
 */

import { type Result, fail, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { type Bench, openBench } from "./check-bench.ts";
import { type Judgement, judgePull } from "./check-judge.ts";
import { unprovenContent } from "../landing/landing-proof.ts";
import type { World } from "../world.ts";

/** Branches of merge queues begin so; behind it stand the branch that they merge into, and one entry each. */
export const queuePrefix = "gh-readonly-queue/";

/** What was judged of one commit, and the default branch that it would go onto. */
export interface Judged {
  readonly branch: string;
  readonly judgements: readonly Judgement[];
}

/** A pull request merged onto `base`, which is the tip of the default branch or of the entry before. */
interface Entry {
  readonly number: number;
  readonly base: string;
  readonly tip: string;
}

/** Longer queues are not proven, and wait. */
const longestChain = 20;

/**
 * The judgement of every pull request that landing the commit would land; none where no queue has built it. What a queue
 * branch is called proves nothing: each entry has to be the clean merge of what was approved, from the default branch on.
 * `conflict` while the queue is being rebuilt.
 */
export async function judgeGroup(
  world: World,
  { repository, forge }: { readonly repository: RepositoryRef; readonly forge: RepositoryForge },
  sha: string,
): Promise<Result<Judged>> {
  const head = await forge.code.head();
  if (!head.ok) return head.failure.code === "not-found" ? ok({ branch: "", judgements: [] }) : head;
  const { branch } = head.value;
  const tips = await forge.code.branches(`${queuePrefix}${branch}/`);
  if (!tips.ok) return tips;
  const entries = entriesOf(tips.value);
  if (!entries.some(({ tip }) => tip === sha)) return ok({ branch, judgements: [] });
  const chain = chainTo(entries, head.value.sha, sha);
  if (chain === null) return fail("conflict", "the merge queue is being built anew");
  const bench = await openBench(world, { repository, forge }, head.value);
  if (!bench.ok || bench.value === null) return bench.ok ? ok({ branch, judgements: [] }) : bench;
  const judgements: Judgement[] = [];
  for (const entry of chain) {
    const judged = await judgeEntry(bench.value, branch, entry);
    if (!judged.ok) return judged;
    judgements.push(judged.value);
  }
  return ok({ branch, judgements });
}

function entriesOf(tips: ReadonlyMap<string, string>): readonly Entry[] {
  return [...tips].flatMap(([name, tip]) => {
    const [, number, base] = /\/pr-(\d+)-([0-9a-f]{40})$/.exec(name) ?? [];
    return number === undefined || base === undefined ? [] : [{ number: Number(number), base, tip }];
  });
}

/** From the default branch up to the commit; null where that is not how they hang together. */
function chainTo(entries: readonly Entry[], head: string, sha: string): readonly Entry[] | null {
  const chain: Entry[] = [];
  for (let at = sha; at !== head;) {
    const entry = entries.find(({ tip }) => tip === at);
    if (entry === undefined || chain.length === longestChain) return null;
    chain.unshift(entry);
    at = entry.base;
  }
  return chain;
}

async function judgeEntry(bench: Bench, branch: string, entry: Entry): Promise<Result<Judgement>> {
  const { forge } = bench;
  const pull = await forge.pulls.get(entry.number);
  if (!pull.ok) return pull;
  const { state, baseBranch, headSha } = pull.value;
  if (state !== "open" || baseBranch !== branch)
    return fail("conflict", "the merge queue is being built anew");
  const judged = await judgePull(bench, pull.value, await forge.code.compare(branch, headSha));
  if (!judged.ok || judged.value.type !== "verdict") return judged;
  const stray = await strayFile(forge, entry, headSha);
  if (!stray.ok) return stray;
  const { pull: number, type, verdict, passing, audit } = judged.value;
  if (stray.value === null) return ok({ type, pull: number, verdict, passing, audit });
  return ok({ type: "stray", pull: number, why: `${stray.value} is not what the pull request would merge` });
}

/** The first file of an entry that is not the clean merge of the pull request onto its base. */
async function strayFile(
  forge: RepositoryForge,
  entry: Entry,
  headSha: string,
): Promise<Result<string | null>> {
  const approved = await forge.code.lineage(entry.base, headSha);
  if (!approved.ok) return approved;
  return unprovenContent(forge.code, () => true, {
    base: approved.value.mergeBase,
    parent: entry.base,
    approved: headSha,
    landed: entry.tip,
  });
}
