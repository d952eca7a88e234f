/** Opens the pull request that takes a merged one back: one for each, explained, and signed off like any other. */

import { type Result, fail, ok } from "../../model/failure.ts";
import type { PullRequest } from "../../model/pull.ts";
import type { Head, RepositoryRef } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { inertLine, inertProse, inertSpan } from "../../text/inert.ts";
import { type Bench, openBench } from "../check/check-bench.ts";
import type { Given, Outcome } from "../given.ts";
import { isOwnPull } from "../scan/own-pull.ts";
import { rollbackBody } from "./rollback-body.ts";
import { takenBack } from "./rollback-content.ts";
import type { World } from "../world.ts";

const prefix = "lockkeeper/rollback/";

const branchOf = (number: number): string => `${prefix}pr-${number}`;

/** Adopts the one that is open already. */
export async function takeBack(given: Given, why: string): Promise<Result<Outcome>> {
  const { world, repository, number, person } = given;
  const asked = `${inertSpan(person.login)} asked for it${why === "" ? "." : `: ${inertProse(why)}`}`;
  const opened = await openRollback(world, repository, { number, because: asked, once: false });
  if (opened.ok) {
    const replied = await given.reply([`#${opened.value} takes it back.`]);
    return replied.ok ? ok("done") : replied;
  }
  if (opened.failure.code !== "rejected") return opened;
  const replied = await given.reply([`It cannot be taken back: ${inertProse(opened.failure.message)}.`]);
  return replied.ok ? ok("refused") : replied;
}

export interface Wish {
  /** Of the pull request that was merged. */
  readonly number: number;
  /** Markdown: who asked for it, or what went wrong. */
  readonly because: string;
  /** Nobody has asked: one that people have closed stays closed, and what takes another back is not taken back. */
  readonly once: boolean;
}

/** Answers its number; `rejected` where it cannot be. */
export async function openRollback(
  world: World,
  repository: RepositoryRef,
  wish: Wish,
): Promise<Result<number>> {
  const forge = world.forge.open(repository, "scan");
  const [pull, head] = [await forge.pulls.get(wish.number), await forge.code.head()];
  if (!pull.ok) return pull;
  if (!head.ok) return head;
  if (!pull.value.merged || pull.value.baseBranch !== head.value.branch)
    return fail("rejected", "it was not merged into the default branch");
  const bench = await openBench(
    world,
    { repository, forge: world.forge.open(repository, "check") },
    head.value,
  );
  if (!bench.ok) return bench;
  const known = await forge.pulls.from(head.value.owner, branchOf(wish.number));
  if (!known.ok) return known;
  const [earlier] = known.value.filter(({ state }) => wish.once || state === "open");
  if (earlier !== undefined) return label(forge, bench.value, earlier);
  const { headBranch } = pull.value;
  if (
    wish.once &&
    bench.value !== null &&
    headBranch.startsWith(prefix) &&
    isOwnPull(bench.value, pull.value)
  )
    return fail("rejected", "it takes another one back itself");
  return open(forge, { bench: bench.value, head: head.value, pull: pull.value, because: wish.because });
}

interface Site {
  readonly bench: Bench | null;
  readonly head: Head;
  readonly pull: PullRequest;
  readonly because: string;
}

async function open(forge: RepositoryForge, site: Site): Promise<Result<number>> {
  const { bench, head, pull } = site;
  const sha = await build(forge, head, pull);
  if (!sha.ok) return sha;
  const branch = branchOf(pull.number);
  const body = await rollbackBody(forge, { ...site, branch, sha: sha.value });
  if (!body.ok) return body;
  const title = inertLine(`Take back #${pull.number}: ${pull.title}`, 200);
  const made = await forge.pulls.create({ title, body: body.value, head: branch, base: head.branch });
  return made.ok ? label(forge, bench, made.value) : made;
}

/** The labels come last, so that one with none is labelled by whoever asks for it next. */
async function label(
  forge: RepositoryForge,
  bench: Bench | null,
  { number, labels, state }: PullRequest,
): Promise<Result<number>> {
  const wanted = bench?.policy.type === "rules" ? bench.policy.config.pulls.labels : [];
  if (state !== "open" || labels.length > 0 || wanted.length === 0) return ok(number);
  const added = await forge.issues.addLabels(number, wanted);
  return added.ok ? ok(number) : added;
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
