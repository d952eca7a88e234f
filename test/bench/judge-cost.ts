/** What judging one pull request costs: waiting, approved, judged again, and after a start. */

import { check } from "../../src/flows/check/check.ts";
import { pulls } from "../../src/flows/check/pulls.ts";
import { scan } from "../../src/flows/scan/scan.ts";
import { type Counted, aboutPeople, withoutTokens } from "./counting.ts";
import type { Measurement } from "./measurement.ts";
import { type Lockkeeper, must, openLockkeeper } from "./lockkeeper.ts";
import { approve, somebody } from "./people.ts";
import { imageName } from "./repositories.ts";

const on = "sandbox GitHub";
const goal = 6;

/** Judges pull request `number`, which waits for grace, by flows that have scanned its repository. */
export async function judgeCost(lockkeeper: Lockkeeper, number: number): Promise<readonly Measurement[]> {
  const { world, repository, sandbox } = lockkeeper;
  const forge = world.forge.open(repository, "check");
  const { checks } = forge;
  const pull = must(await forge.pulls.get(number));
  const judge = (by: Lockkeeper) =>
    by.count(async () => {
      must(await check(by.world, { flow: "check", repository, sha: pull.headSha }));
    });
  const conclusion = async () => must(await checks.list(pull.headSha, "lockkeeper/signoff"))[0]?.conclusion;
  // As a start does it, which looks at what guards the branch.
  must(await pulls(world, { flow: "pulls", repository }));
  const waiting = await judge(lockkeeper);
  if ((await conclusion()) !== "action_required")
    throw new Error("the pull request does not wait for sign-off");
  await approve(somebody(sandbox, "grace"), "acme/many", number);
  const approved = await judge(lockkeeper);
  if ((await conclusion()) !== "success") throw new Error("the approved pull request is not signed off");
  const again = await judge(lockkeeper);
  const cold = await judge(await openLockkeeper(sandbox, repository.name));
  const late = await approvedUnseen(lockkeeper, number + 1);
  return [
    judged("GitHub, a pull request judged: waits", waiting, goal),
    judged("GitHub, a pull request judged: approved", approved, goal),
    judged("GitHub, judged again, nothing new", again, goal),
    judged("GitHub, a pull request judged: approved before we saw it", late, goal),
    judged("GitHub, judged first thing after a start", cold, null),
  ];
}

/** As when the webhook of its opening was lost: the first judgement of a commit finds the approval there. */
async function approvedUnseen(
  { world, repository, sandbox, count }: Lockkeeper,
  number: number,
): Promise<Counted> {
  await sandbox.registry.push(imageName(3), "1.20.0");
  must(await scan(world, repository));
  await approve(somebody(sandbox, "grace"), "acme/many", number);
  const { headSha } = must(await world.forge.open(repository, "check").pulls.get(number));
  return count(async () => must(await check(world, { flow: "check", repository, sha: headSha })));
}

/** One request for each approver or team comes on top of the goal. */
function judged(measure: string, { seen, total, notModified }: Counted, most: number | null): Measurement {
  const people = aboutPeople(seen);
  const tokens = total - withoutTokens(seen).length;
  return {
    measure,
    value: withoutTokens(seen).length,
    unit: "requests",
    goal: most === null ? null : most + people,
    on,
    detail: `${people} about people, ${notModified} answered with 304, ${tokens} more for tokens and archives: ${seen.join(", ")}`,
  };
}
