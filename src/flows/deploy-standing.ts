/** How far an app may go now, asked of GitHub only when something moved, and said once where a landing stops it. */

import { type Result, ok } from "../model/failure.ts";
import { fullName } from "../model/repository.ts";
import { inertSpan } from "../text/inert.ts";
import { makeMarker } from "../text/marker.ts";
import { closeIssue, keepIssue } from "./app-issue.ts";
import type { DeployInput } from "./deploy-input.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { type Standing, newestSigned } from "./landing.ts";

/** How long GitHub may take to show through which pull request a commit came. */
const associationDelayMs = 60_000;
const lookAgainSeconds = 2;
/** GitHub may show an association later still: what stops an app is asked anew once in a while, until main moves on. */
const stoppedAgainMs = 240_000;

export async function standingOf(
  world: DeployWorld,
  input: DeployInput,
  from: string,
): Promise<Result<Standing>> {
  const { hash, key, forge, head } = input;
  const asked = `${from} ${head.sha}`;
  const known = world.memory.standings.get(hash);
  const now = world.clock.now().getTime();
  const lasting = known?.standing.stopped === null || now - (known?.at ?? 0) < stoppedAgainMs;
  if (known?.asked === asked && lasting) return ok(known.standing);
  const late = (sha: string): boolean => mayBeLate(world, sha);
  const [standing] = await Promise.all([
    newestSigned({ forge, path: key.path, from, head, mayBeLate: late }),
    // Most often this is what will be applied; fetched meanwhile, it is in memory when it is asked for.
    forge.code.snapshot(head.sha),
  ]);
  if (!standing.ok) return standing;
  if (standing.value.waiting) world.queue.add(key, lookAgainSeconds);
  else world.memory.standings.set(hash, { asked, at: now, standing: standing.value });
  return standing;
}

function mayBeLate({ memory, clock }: DeployWorld, sha: string): boolean {
  const now = clock.now().getTime();
  const since = memory.unassociated.get(sha) ?? now;
  memory.unassociated.set(sha, since);
  return now - since < associationDelayMs;
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
    "Revert that commit by a pull request that is signed off, and the app goes on. This issue closes by itself then.",
    makeMarker("unsigned", { app: hash, sha: stopped.sha }),
  ].join("\n\n");
  world.log.warn({ repository: fullName(key.repository), path: key.path, sha: stopped.sha }, stopped.reason);
  const kept = await keepIssue(forge, issues, sort, { title: `${name}: ${short} is not signed off`, body });
  return kept.ok ? ok(undefined) : kept;
}
