/** Writes down who accepts a landing that nobody has signed off; the deploy flow reads it back. */

import type { UnsignedLanding } from "../../commands/command.ts";
import { type Result, fail, ok } from "../../model/failure.ts";
import type { Person } from "../../model/pull.ts";
import type { IssueComment, RepositoryForge } from "../../ports/forge.ts";
import { approversOf } from "../../signoff/demand.ts";
import { discountText } from "../../signoff/discount-text.ts";
import { type Discount, evaluate } from "../../signoff/evaluate.ts";
import type { Opinion } from "../../signoff/facts.ts";
import { verdictTitle } from "../../signoff/title.ts";
import { inertProse, inertSpan } from "../../text/inert.ts";
import { acceptanceMatter } from "./acceptance-matter.ts";
import { type Acceptance, acceptanceText, acceptancesIn, readUnsigned } from "./acceptance-record.ts";
import { matchesOf } from "../check/check-people.ts";
import type { Given, Outcome } from "../given.ts";

interface Wish {
  readonly landing: UnsignedLanding;
  readonly commit: string;
  readonly why: string;
}

/** Who may is asked of GitHub now. What one person accepts counts for every app that waits for it, where they may. */
export async function acceptLanding(given: Given, wish: Wish): Promise<Result<Outcome>> {
  const { world, repository, number } = given;
  const { landing, commit, why } = wish;
  const { sha } = landing;
  if (commit.length < 7 || !sha.startsWith(commit.toLowerCase()))
    return refuse(given, `This issue is about ${inertSpan(sha.slice(0, 7))}: name that commit.`);
  if (why === "") return refuse(given, "Say why, behind the commit: that stays on record.");
  const forge = world.forge.open(repository, "command");
  const thread = await forge.issues.comments(number);
  if (!thread.ok) return thread;
  const judged = await judge(given, { forge, landing, why, thread: thread.value });
  if (!judged.ok) {
    if (judged.failure.code !== "rejected") return judged;
    return refuse(given, `It cannot be accepted: ${inertProse(judged.failure.message)}.`);
  }
  const replied = await given.reply(blocksOf(given, judged.value));
  if (!replied.ok) return replied;
  const told = await tellOthers(given, forge, wish);
  if (!told.ok) return told;
  world.queue.add({ flow: "landings", repository });
  return ok("done");
}

async function refuse({ reply }: Given, markdown: string): Promise<Result<Outcome>> {
  const replied = await reply([markdown]);
  return replied.ok ? ok("refused") : replied;
}

interface Judged {
  readonly acceptance: Acceptance;
  /** One sentence: who is still needed. */
  readonly title: string;
}

/** `rejected` where the person may not. */
async function judge(
  { world, repository, person }: Given,
  {
    forge,
    landing,
    why,
    thread,
  }: {
    readonly forge: RepositoryForge;
    readonly landing: UnsignedLanding;
    readonly why: string;
    readonly thread: readonly IssueComment[];
  },
): Promise<Result<Judged>> {
  const matter = await acceptanceMatter(world, { repository, forge }, landing);
  if (!matter.ok) return matter;
  const { change, demands, hands, ahead } = matter.value;
  const is = await matchesOf(forge.people, person, approversOf(demands, ahead));
  if (!is.ok) return is;
  const before = acceptancesIn(world, repository, landing, thread).filter(({ by }) => by.id !== person.id);
  const opinions = [
    ...before.map(({ by, is: was }) => opinionOf({ ...by, bot: false }, was)),
    opinionOf(person, is.value),
  ];
  const verdict = evaluate(change, demands, { ...hands, opinions }, ahead);
  const discounted = verdict.discounted.find((one) => one.person.id === person.id);
  if (discounted !== undefined)
    return fail("rejected", `${person.login} ${refusalText(discounted.discount)}`);
  const enough = verdict.satisfied ? opinions.map((one) => one.person.id) : null;
  const by = { id: person.id, login: person.login };
  return ok({ acceptance: { ...landing, by, is: [...is.value], why, enough }, title: verdictTitle(verdict) });
}

/** Who brought a landing stands there as the author of a pull request would. */
function refusalText(discount: Discount): string {
  const brought = discount.type === "contributor" && discount.contributor.part === "author";
  return brought ? "brought it there" : discountText(discount);
}

function opinionOf(person: Person, matches: readonly string[]): Opinion {
  return { person, state: "approved", saw: { type: "same" }, matches };
}

function blocksOf({ world, repository }: Given, { acceptance, title }: Judged): readonly string[] {
  const { sha, path, by, why, enough } = acceptance;
  const said = `${inertSpan(by.login)} has accepted ${inertSpan(sha.slice(0, 7))} for ${inertSpan(path)}: ${inertProse(why)}`;
  const next = enough === null ? inertProse(title) : "That is enough: it counts as signed off.";
  return [
    said,
    `${next} Edited, this comment counts no more.`,
    acceptanceText(world, repository, acceptance),
  ];
}

/** The same landing keeps other apps where they are; there as well it counts once. */
async function tellOthers(
  given: Given,
  forge: RepositoryForge,
  { landing, why }: Wish,
): Promise<Result<void>> {
  const { world, repository, number, person } = given;
  const issues = await forge.issues.ours("lockkeeper");
  if (!issues.ok) return issues;
  for (const issue of issues.value) {
    const other = readUnsigned(world, repository, issue.body);
    if (issue.state !== "open" || issue.number === number || other?.sha !== landing.sha) continue;
    const thread = await forge.issues.comments(issue.number);
    if (!thread.ok) return thread;
    const said = acceptancesIn(world, repository, other, thread.value).some(({ by }) => by.id === person.id);
    if (said) continue;
    const judged = await judge(given, { forge, landing: other, why, thread: thread.value });
    if (!judged.ok && judged.failure.code !== "rejected") return judged;
    if (!judged.ok) continue;
    const posted = await forge.issues.comment(issue.number, blocksOf(given, judged.value).join("\n\n"));
    if (!posted.ok) return posted;
  }
  return ok(undefined);
}
