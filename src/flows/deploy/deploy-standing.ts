/** How far an app may go now, asked of GitHub only when something moved, and said once where a landing stops it. */

import { type Result, ok } from "../../model/failure.ts";
import { fullName } from "../../model/repository.ts";
import { inertSpan } from "../../text/inert.ts";
import { unsignedText } from "../landing/acceptance-record.ts";
import { acceptedLanding } from "../landing/accepted.ts";
import { closeIssue, keepIssue } from "./app-issue.ts";
import type { DeployInput } from "./deploy-input.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { newestSigned } from "../landing/landing.ts";
import type { Stop } from "../landing/landing-aside.ts";
import type { Standing } from "../landing/standing.ts";

/** How long GitHub may take to show through which pull request a commit came. */
const associationDelayMs = 60_000;
/** It may take longer still: until then, what stops an app is looked at again, each time after half its age. */
const associationEndMs = 3_600_000;

export async function standingOf(
  world: DeployWorld,
  input: DeployInput,
  from: string,
): Promise<Result<Standing>> {
  const { hash, key, forge, head } = input;
  const asked = `${from} ${head.sha}`;
  const known = world.memory.standings.get(hash);
  const now = world.clock.now().getTime();
  if (known?.asked === asked && now < known.until) {
    if (known.until < Infinity) world.queue.add(key, Math.ceil((known.until - now) / 1000));
    return ok(known.standing);
  }
  const accepted = (stop: Stop) => acceptedLanding(world, input, stop);
  const late = (sha: string): boolean => ageOf(world, sha) < associationDelayMs;
  const [standing] = await Promise.all([
    newestSigned({
      forge,
      threads: world.threads,
      path: key.path,
      from,
      head,
      mayBeLate: late,
      accepted,
    }),
    // Most often this is what will be applied; fetched meanwhile, it is in memory when it is asked for.
    forge.code.snapshot(head.sha),
  ]);
  if (!standing.ok) return standing;
  const wait = lookAgainMs(world, standing.value);
  const until = wait === null ? Infinity : now + wait;
  world.memory.standings.set(hash, { asked, until, standing: standing.value });
  if (wait !== null) world.queue.add(key, Math.ceil(wait / 1000));
  return standing;
}

/** How long ago a landing that is not proven was first seen. */
function ageOf({ memory, clock }: DeployWorld, sha: string): number {
  const now = clock.now().getTime();
  const since = memory.unproven.get(sha) ?? now;
  memory.unproven.set(sha, since);
  return now - since;
}

/** Soon in the beginning, and ever later; null where nothing is to be expected but by an event. */
function lookAgainMs(world: DeployWorld, { stopped, waiting }: Standing): number | null {
  const sha = waiting ?? stopped?.sha;
  const age = sha === undefined ? Infinity : ageOf(world, sha);
  return age < associationEndMs ? Math.max(1000, age / 2) : null;
}

/** One issue per app while a landing stops it; closed when that is over. */
export async function tellStopped(
  world: DeployWorld,
  input: DeployInput,
  standing: Standing,
): Promise<Result<void>> {
  const { hash, key, forge } = input;
  const sort = { marker: "unsigned", label: "lockkeeper", app: hash };
  const { issues } = world.memory;
  const { stopped } = standing;
  if (stopped === null) return closeIssue(forge, issues, sort, "Nothing stops this app any more.");
  const name = world.inventories.get(hash)?.name ?? key.path;
  const short = stopped.sha.slice(0, 7);
  const body = [
    `The app ${inertSpan(name)} stays at ${inertSpan(standing.sha.slice(0, 7))}: ${inertSpan(short)} is not applied, because ${inertSpan(stopped.reason, 500)}.`,
    `Revert it by a pull request that is signed off, and the app goes on with what landed meanwhile. Or those whom the sign-off rules name for it accept it, each in a comment here: ${inertSpan(`/lockkeeper accept ${short} why`)}. Who brought it cannot. This issue closes by itself then.`,
    unsignedText(world, key.repository, {
      app: hash,
      path: key.path,
      sha: stopped.sha,
      parent: stopped.parent,
    }),
  ].join("\n\n");
  world.log.warn({ repository: fullName(key.repository), path: key.path, sha: stopped.sha }, stopped.reason);
  const kept = await keepIssue(forge, issues, sort, { title: `${name}: ${short} is not signed off`, body });
  return kept.ok ? ok(undefined) : kept;
}
