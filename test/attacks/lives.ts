/** Random lives of one pull request: pushes and reviews in any order, and a check that must never pass what nobody approved. */

import * as fc from "fast-check";
import { checkOnce, openPull, review } from "../flows/signoff-steps.ts";
import { type Login, type SignoffWorld, deployment, startSignoff, webFile } from "../flows/signoff-world.ts";
import { value } from "../flows/user-call.ts";
import { commitOn, tipOf } from "./branches.ts";

export interface SignoffSearch {
  readonly seed: number;
  readonly runs: number;
  /** The life to begin with, as a failure tells it. */
  readonly path?: string;
  /** No life is begun after so long; default: all are. */
  readonly milliseconds?: number;
  readonly done?: (runs: number) => void;
}

export interface SignoffFindings {
  readonly runs: number;
  /** How often a check passed; a search in which none did has tried nothing. */
  readonly passed: number;
  /** What happened in the smallest life that broke the promise; null when none did. */
  readonly story: string | null;
}

/** A commit that a branch can be moved to; equal changes are one change in different clothes. */
interface Head {
  readonly sha: string;
  readonly change: string;
}

type Step =
  | { readonly type: "push"; readonly head: number; readonly by: Login }
  | { readonly type: "review"; readonly event: "APPROVE" | "REQUEST_CHANGES" | "COMMENT"; readonly by: Login }
  | { readonly type: "dismiss"; readonly of: Login }
  | { readonly type: "wait" | "check" };

const reviewers: readonly Login[] = ["grace", "linus"];
const changes = ["1.1.0", "1.2.0"];
/** In how many clothes each change comes; one more head is a merge that was edited by hand. */
const clothes = 4;
const headCount = changes.length * clothes + 1;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("push" as const),
      head: fc.nat(headCount - 1),
      by: fc.constantFrom<Login>("mallory", "mallory", "mallory", "grace"),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("review" as const),
      event: fc.constantFrom("APPROVE", "APPROVE", "APPROVE", "REQUEST_CHANGES", "COMMENT"),
      by: fc.constantFrom(...reviewers),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("dismiss" as const), of: fc.constantFrom(...reviewers) }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom("wait" as const, "check" as const) }) },
);

/** Each moves the sandbox's clock, which must not run an hour ahead of the one by which the App signs in. */
const livesInOne = 300;

/** Many lives are led in one repository, one after the other, on commits that are made once. */
export async function searchSignoff(search: SignoffSearch): Promise<SignoffFindings> {
  const { seed, runs, path, milliseconds, done } = search;
  let signoff = await startSignoff();
  let heads = await makeHeads(signoff);
  const until = performance.now() + (milliseconds ?? Infinity);
  let count = 0;
  let passed = 0;
  let broken = false;
  const life = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 9 }), async (steps) => {
    if (!broken && performance.now() > until) return;
    if (count > 0 && count % livesInOne === 0) {
      await signoff.github.stop();
      signoff = await startSignoff();
      heads = await makeHeads(signoff);
    }
    const one = await beginLife(signoff, heads, count);
    try {
      for (const next of steps) await take(one, next);
      await take(one, { type: "check" });
    } catch (error) {
      broken = true;
      throw error;
    } finally {
      await endLife(one);
      passed += one.passed;
      count += 1;
      if (!broken) done?.(count);
    }
  });
  try {
    const details = await fc.check(life, { seed, path, numRuns: runs });
    return { runs: count, passed, story: details.failed ? tell(details) : null };
  } finally {
    await signoff.github.stop();
  }
}

function tell(details: fc.RunDetails<[Step[]]>): string {
  const { seed, counterexample, counterexamplePath, errorInstance } = details;
  const [first = "0"] = (counterexamplePath ?? "").split(":");
  const steps = (counterexample?.[0] ?? []).map((one) => `  - ${JSON.stringify(one)}`);
  const again = `seed ${seed}; again: --only signoff --seed ${seed} --path ${first}`;
  return [again, ...steps, `ends with: ${String(errorInstance)}`].join("\n");
}

/** Each change on the older base, again under another message, on the newer base, and with that merged in cleanly. */
async function makeHeads(signoff: SignoffWorld): Promise<readonly Head[]> {
  const older = await tipOf(signoff, "main");
  const readme = { "README.md": "moved\n" };
  const newer = await commitOn(signoff, "ada", { parents: [older], files: readme });
  await signoff.as("ada", "PATCH", "/git/refs/heads/main", { sha: newer });
  const heads: Head[] = [];
  for (const change of changes) {
    const files = { [webFile]: deployment(change) };
    const plain = await commitOn(signoff, "mallory", { parents: [older], files });
    const twin = await commitOn(signoff, "mallory", { parents: [older], files, message: "The same" });
    const rebased = await commitOn(signoff, "mallory", { parents: [newer], files });
    const merged = await commitOn(signoff, "mallory", { parents: [plain, newer], files: readme });
    heads.push(...[plain, twin, rebased, merged].map((sha) => ({ sha, change })));
  }
  const edited = { ...readme, [webFile]: deployment("6.6.6") };
  const sha = await commitOn(signoff, "mallory", { parents: [heads[0]?.sha ?? older, newer], files: edited });
  return [...heads, { sha, change: "6.6.6" }];
}

interface Life {
  readonly signoff: SignoffWorld;
  readonly heads: readonly Head[];
  readonly branch: string;
  readonly number: number;
  head: Head;
  readonly pushers: Set<Login>;
  /** The reviews of each that say yes or no, oldest first, with the change that stood there. */
  readonly said: Map<Login, { id: number; yes: boolean; change: string; dismissed: boolean }[]>;
  passed: number;
}

async function beginLife(signoff: SignoffWorld, heads: readonly Head[], at: number): Promise<Life> {
  const [head] = heads;
  if (head === undefined) throw new Error("no heads were made");
  const branch = `life-${at}`;
  await signoff.as("mallory", "POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: head.sha });
  const number = await openPull(signoff, "mallory", branch);
  // Else what is pushed and reviewed first falls into the second in which the branch was made.
  signoff.pass(1);
  return { signoff, heads, branch, number, head, pushers: new Set(["mallory"]), said: new Map(), passed: 0 };
}

/** Closes it, so that the next one does not share its heads; each is judged once more, as the event has it. */
async function endLife({ signoff, heads, number }: Life): Promise<void> {
  await signoff.as("mallory", "PATCH", `/pulls/${number}`, { state: "closed" });
  for (const { sha } of heads) if (shows(signoff, sha)) value(await checkOnce(signoff, sha));
  const left = heads.find(({ sha }) => shows(signoff, sha));
  if (left !== undefined)
    throw new Error(`${left.change} still shows a success when its pull request is closed`);
}

async function take(life: Life, next: Step): Promise<void> {
  const { signoff, number } = life;
  if (next.type === "wait") signoff.pass();
  else if (next.type === "push") await push(life, next);
  else if (next.type === "review") await say(life, next);
  else if (next.type === "dismiss") {
    const [latest] = (life.said.get(next.of) ?? []).filter(({ dismissed }) => !dismissed).toReversed();
    if (latest === undefined) return;
    const path = `/pulls/${number}/reviews/${latest.id}/dismissals`;
    await signoff.as("ada", "PUT", path, { message: "No" });
    latest.dismissed = true;
  } else await judge(life);
}

async function push(life: Life, { head, by }: Extract<Step, { type: "push" }>): Promise<void> {
  const to = life.heads[head];
  if (to === undefined || to.sha === life.head.sha) return;
  const path = `/git/refs/heads/${life.branch}`;
  await life.signoff.as(by, "PATCH", path, { sha: to.sha, force: true });
  life.head = to;
  life.pushers.add(by);
}

/** Without letting time pass, so that pushes and reviews fall into one second. */
async function say(life: Life, { by, event }: Extract<Step, { type: "review" }>): Promise<void> {
  const { signoff, number, head } = life;
  const id = await review({ ...signoff, pass: () => undefined }, by, number, event);
  if (event === "COMMENT") return;
  const own = life.said.get(by) ?? [];
  life.said.set(by, [...own, { id, yes: event === "APPROVE", change: head.change, dismissed: false }]);
}

async function judge(life: Life): Promise<void> {
  const { signoff, head } = life;
  value(await checkOnce(signoff, head.sha));
  if (!shows(signoff, head.sha)) return;
  life.passed += 1;
  if (!reviewers.some((login) => mayCarry(life, login)))
    throw new Error(`${head.change} passes, and nobody who may has approved it`);
  const no = reviewers.find((login) => !life.pushers.has(login) && standing(life, login)[0]?.yes === false);
  if (no !== undefined) throw new Error(`${head.change} passes, and ${no} has requested changes`);
}

/** Whether an approval of the change as it is now stands, by somebody who pushed none of it. */
function mayCarry(life: Life, login: Login): boolean {
  return (
    !life.pushers.has(login) &&
    standing(life, login).some(({ yes, change }) => yes && change === life.head.change)
  );
}

/** The latest review of somebody and those before it that say the same; none where it was dismissed. */
function standing(life: Life, login: Login) {
  const own = (life.said.get(login) ?? []).toReversed();
  const [latest] = own;
  if (latest === undefined || latest.dismissed) return [];
  const turn = own.findIndex(({ yes, dismissed }) => dismissed || yes !== latest.yes);
  return turn < 0 ? own : own.slice(0, turn);
}

/** Whether the newest check of ours on a commit is a success. */
function shows({ github, repository }: SignoffWorld, sha: string): boolean {
  const { repositories } = github.hub.store;
  const runs = [...(repositories.find(({ id }) => id === repository.id)?.checkRuns.values() ?? [])];
  const newest = runs.findLast(({ name, headSha }) => name === "lockkeeper/signoff" && headSha === sha);
  return newest?.conclusion === "success";
}
