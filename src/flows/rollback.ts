/** Opens the pull request that takes a merged one back: one for each, explained, and signed off like any other. */

import { type Result, fail, ok } from "../model/failure.ts";
import type { PullRequest } from "../model/pull.ts";
import type { Head } from "../model/repository.ts";
import { needsText } from "../plan/need-text.ts";
import type { RepositoryForge } from "../ports/forge.ts";
import { inertLine, inertProse, inertSpan } from "../text/inert.ts";
import { fitBlocks } from "../text/markdown.ts";
import { makeMarker } from "../text/marker.ts";
import { type Bench, openBench } from "./check-bench.ts";
import { changedPaths } from "./check-change.ts";
import { matterOf } from "./check-judge.ts";
import type { Given, Outcome } from "./given.ts";
import { takenBack } from "./rollback-content.ts";

const branchOf = (number: number): string => `lockkeeper/rollback/pr-${number}`;

/** Adopts the one that is open already. */
export async function takeBack(given: Given, why: string): Promise<Result<Outcome>> {
  const opened = await openRollback(given, why);
  if (opened.ok) {
    const replied = await given.reply([`#${opened.value} takes it back.`]);
    return replied.ok ? ok("done") : replied;
  }
  if (opened.failure.code !== "rejected") return opened;
  const replied = await given.reply([`It cannot be taken back: ${inertProse(opened.failure.message)}.`]);
  return replied.ok ? ok("refused") : replied;
}

/** Answers its number. */
async function openRollback(given: Given, why: string): Promise<Result<number>> {
  const { world, repository, number } = given;
  const forge = world.forge.open(repository, "scan");
  const [pull, head] = [await forge.pulls.get(number), await forge.code.head()];
  if (!pull.ok) return pull;
  if (!head.ok) return head;
  if (!pull.value.merged || pull.value.baseBranch !== head.value.branch)
    return fail("rejected", "it was not merged into the default branch");
  const branch = branchOf(number);
  const known = await forge.pulls.from(head.value.owner, branch);
  if (!known.ok) return known;
  const open = known.value.find(({ state }) => state === "open");
  if (open !== undefined) return ok(open.number);
  const sha = await build(forge, head.value, pull.value);
  if (!sha.ok) return sha;
  const body = await bodyOf(given, { head: head.value, pull: pull.value, sha: sha.value, why });
  if (!body.ok) return body;
  const title = inertLine(`Take back #${number}: ${pull.value.title}`, 200);
  const made = await forge.pulls.create({ title, body: body.value, head: branch, base: head.value.branch });
  return made.ok ? ok(made.value.number) : made;
}

async function build(forge: RepositoryForge, head: Head, pull: PullRequest): Promise<Result<string>> {
  const files = await takenBack(forge.code, head.sha, pull);
  if (!files.ok) return files;
  const branch = branchOf(pull.number);
  const tip = await forge.code.branch(branch);
  if (!tip.ok && tip.failure.code !== "not-found") return tip;
  return forge.code.writeBranch({
    branch,
    parent: head.sha,
    parentTree: head.tree,
    files: files.value,
    message: `Take back #${pull.number}`,
    expected: tip.ok ? tip.value : null,
  });
}

interface Built {
  readonly head: Head;
  readonly pull: PullRequest;
  readonly sha: string;
  readonly why: string;
}

async function bodyOf(given: Given, { head, pull, sha, why }: Built): Promise<Result<string>> {
  const { world, repository, person } = given;
  const forge = world.forge.open(repository, "check");
  const bench = await openBench(world, { repository, forge }, head);
  if (!bench.ok) return bench;
  const compared = await forge.code.compare(head.sha, sha);
  if (!compared.ok) return compared;
  const paths = changedPaths(compared.value.files);
  const needs = bench.value === null ? ok([]) : await needsOf(bench.value, { head, pull, sha, why });
  if (!needs.ok) return needs;
  const landed = pull.mergeCommitSha?.slice(0, 7) ?? "";
  const blocks = [
    `Takes back what #${pull.number} has changed in ${inertSpan(landed)}, and nothing else. ${inertSpan(person.login)} asked for it${why === "" ? "." : `: ${inertProse(why)}`}`,
    paths
      .slice(0, 50)
      .map((path) => `- ${inertSpan(path)}`)
      .join("\n"),
    ...needs.value,
  ];
  return ok(fitBlocks(blocks, makeMarker("rollback", { pull: pull.number, sha: pull.mergeCommitSha })));
}

/** Which apps it touches, and whose approval it needs. */
async function needsOf(bench: Bench, { head, pull, sha }: Built): Promise<Result<readonly string[]>> {
  const compared = await bench.forge.code.compare(head.sha, sha);
  if (!compared.ok) return compared;
  const own = { ...pull, author: bench.self, headSha: sha, headBranch: branchOf(pull.number), labels: [] };
  const matter = await matterOf(bench, own, compared.value, changedPaths(compared.value.files));
  if (!matter.ok) return matter;
  const { change, demands } = matter.value;
  if (change.apps.length === 0) return ok(["It touches no app."]);
  const apps = change.apps.map(({ name, environment }) => `${inertSpan(name)} (${inertSpan(environment)})`);
  return ok([`It touches ${apps.slice(0, 20).join(", ")}, and needs ${needsText(demands)}.`]);
}
