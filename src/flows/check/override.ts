/** `/lockkeeper override`: lets one head of a pull request through past the rules, and says so loudly. */

import { configPath } from "../../config/config.ts";
import { type Result, fail, ok } from "../../model/failure.ts";
import type { PullRequest } from "../../model/pull.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { inertProse, inertSpan } from "../../text/inert.ts";
import { compareAll } from "./changes.ts";
import { type Bench, openBench } from "./check-bench.ts";
import { changedPaths } from "./check-change.ts";
import { readMoves } from "./check-moves.ts";
import type { Given, Outcome } from "../given.ts";
import { mayNotOverride, overrideSort } from "./override-record.ts";
import { type Sort, readRecord, writeRecord } from "../sealed-record.ts";

const told: Sort<{ pull: number; head: string; by: { id: number; login: string }; why: string }> = {
  ...overrideSort,
  kind: "overridden",
};

/** The check flow reads the record back, asks again who may, and judges what the cluster side demands. */
export async function overrideCheck(given: Given, why: string): Promise<Result<Outcome>> {
  const { world, repository, number, person } = given;
  if (why === "") return refuse(given, "Say why: that stays on record.");
  const forge = world.forge.open(repository, "command");
  const [pull, head] = [await forge.pulls.get(number), await forge.code.head()];
  if (!pull.ok) return pull;
  if (!head.ok) return head;
  const { state, baseBranch, headSha } = pull.value;
  if (state !== "open" || baseBranch !== head.value.branch)
    return refuse(given, "Only an open pull request onto the default branch can be overridden.");
  const bench = await openBench(world, { repository, forge }, head.value);
  if (!bench.ok) return bench;
  if (bench.value === null)
    return refuse(given, "This repository has no configuration: nothing is to be overridden.");
  const refused = await refusalOf(given, bench.value, pull.value);
  if (!refused.ok) return refused;
  if (refused.value !== null) return refuse(given, refused.value);
  const opened = await openIssue(given, forge, pull.value, why);
  if (!opened.ok) return opened;
  const replied = await given.reply([
    `${inertSpan(person.login)} overrides the sign-off of ${inertSpan(headSha.slice(0, 7))}: ${inertProse(why)}`,
    `#${opened.value} says so. It ends with the next commit. Edited, this comment counts no more.`,
    writeRecord(world.forge, repository, overrideSort, recordOf(given, pull.value, why)),
  ]);
  if (!replied.ok) return replied;
  world.queue.add({ flow: "check", repository, sha: headSha });
  return ok("done");
}

/** A sentence for whoever gave the command; null where nothing speaks against it. */
async function refusalOf(
  { person, at }: Given,
  bench: Bench,
  pull: PullRequest,
): Promise<Result<string | null>> {
  const unseen = await whyUnseen(bench, pull, at);
  if (!unseen.ok || unseen.value !== null) return unseen;
  const compared = await compareAll(bench.forge.code, bench.policy.base.sha, pull.headSha);
  if (!compared.ok) return compared;
  const configuration = changedPaths(compared.value.files).includes(configPath);
  const refused = await mayNotOverride(bench, person, { configuration });
  if (!refused.ok || refused.value === null) return refused;
  return ok(`It cannot be overridden: ${inertProse(refused.value)}.`);
}

/**
 * Why the head may be another one than whoever gave the command had before their eyes: it counts for what they saw, and a push
 * can come between that and us. Times are in whole seconds. Null where it is that one.
 */
async function whyUnseen(bench: Bench, pull: PullRequest, at: string): Promise<Result<string | null>> {
  const read = await readMoves(bench, pull);
  if (!read.ok) return read;
  const moves = read.value;
  if (!moves.known && moves.passing)
    return fail("conflict", "GitHub's list of the branch's moves is not up to date yet");
  if (!moves.known)
    return ok("GitHub does not tell what its branch held when you said so: it cannot be overridden.");
  const last = Date.parse(moves.moves[0]?.at ?? at);
  if (Math.floor(last / 1000) < Math.floor(Date.parse(at) / 1000)) return ok(null);
  return ok("Its branch was moved as you said so, or since: look at it as it is now, and say it again.");
}

async function refuse({ reply }: Given, markdown: string): Promise<Result<Outcome>> {
  const replied = await reply([markdown]);
  return replied.ok ? ok("refused") : replied;
}

function recordOf({ number, person }: Given, { headSha }: PullRequest, why: string) {
  return { pull: number, head: headSha, by: { id: person.id, login: person.login }, why };
}

/** One for each override; answers its number. Nobody but people closes it. */
async function openIssue(
  given: Given,
  forge: RepositoryForge,
  pull: PullRequest,
  why: string,
): Promise<Result<number>> {
  const { world, repository, number, person } = given;
  const issues = await forge.issues.ours("lockkeeper");
  if (!issues.ok) return issues;
  const existing = issues.value.find(({ body }) => {
    const record = readRecord(world.forge, repository, told, body);
    return record?.pull === number && record.head === pull.headSha && record.by.id === person.id;
  });
  if (existing !== undefined) return ok(existing.number);
  const short = pull.headSha.slice(0, 7);
  const body = [
    `${inertSpan(person.login)} has overridden the sign-off of #${number} at ${inertSpan(short)}: ${inertProse(why)}`,
    "Whoever looks after this repository should see what was let through, and close this issue then.",
    writeRecord(world.forge, repository, told, recordOf(given, pull, why)),
  ];
  const title = `Sign-off of pull request ${number} was overridden by ${person.login}`;
  const made = await forge.issues.create({ title, body: body.join("\n\n"), labels: ["lockkeeper"] });
  return made.ok ? ok(made.value.number) : made;
}
