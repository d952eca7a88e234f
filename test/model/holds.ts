/** Versions that people have said no to, by the rules as they are stated and from what GitHub shows. */

import type { PullRequest } from "../../src/sandbox/github/pull-state.ts";
import type { Place, Version } from "./manifest.ts";
import { type Proposal, type Run, ourPulls, proposalsOf } from "./run.ts";
import { isFollowed } from "./shelf.ts";
import { isLater } from "./version.ts";

/**
 * "Not that version." Where a person acted while the product was in the middle of something, or the document was rearranged,
 * it may be read either way: then it is not `sure`, and nothing is demanded of a version that only such a hold forbids.
 */
export interface Hold extends Proposal {
  readonly pull: number;
  readonly sure: boolean;
}

export async function holdsOf(run: Run, base: readonly Place[]): Promise<readonly Hold[]> {
  const holds: Hold[] = [];
  const landed = new Map<string, number>();
  for (const pull of ourPulls(run, "closed").toReversed()) {
    const said = await saidNo(run, pull, base, landed);
    holds.push(...said.map((hold) => ({ ...hold, pull: pull.issue.number })));
  }
  return holds;
}

/** `landed`: the newest merged pull request of each place. */
async function saidNo(
  run: Run,
  pull: PullRequest,
  base: readonly Place[],
  landed: Map<string, number>,
): Promise<readonly Omit<Hold, "pull">[]> {
  const { number, closedBy } = pull.issue;
  if (run.resumed.has(number)) return [];
  if (!pull.merged && closedBy?.login.endsWith("[bot]") === true && !run.held.has(number)) return [];
  const proposed = (await proposalsOf(run, pull)) ?? [];
  const before = run.settled.get(number);
  if (!pull.merged) {
    const next = siblingWhenClosed(run, pull);
    if (next === "open" && !run.held.has(number)) return [];
    const doubtful = next !== "none" || (await isProposedBeside(run, pull, [...proposed, ...(before ?? [])]));
    return merge(proposed, before, run.unclear.has(number) || doubtful);
  }
  return proposed.flatMap((proposal) => {
    const key = `${proposal.file} ${proposal.path} ${proposal.image}`;
    const newest = !landed.has(key);
    if (newest) landed.set(key, number);
    const back = base.filter((place) => isAbout(run, proposal, place, base) !== "no");
    const taken = back.filter((place) => isBelow(place, proposal));
    if (taken.length === 0) return [];
    const surely = taken.some((place) => isAbout(run, proposal, place, base) === "yes");
    const foreign = run.foreign.get(number) === pull.headSha || run.unclear.has(number);
    return [{ ...proposal, sure: surely && !foreign && (newest || !isFollowed(proposal.image)) }];
  });
}

/**
 * Whether another pull request had taken its place when it was closed, as one to which people have pushed goes on in another:
 * what is closed then is only the old one. `maybe` where both came in one step.
 */
function siblingWhenClosed(run: Run, { issue, headBranch }: PullRequest): "open" | "none" | "maybe" {
  const closed = issue.closedAt?.getTime() ?? 0;
  const later = ourPulls(run).filter(
    (other) =>
      other.issue.number > issue.number &&
      other.headBranch.replace(/-\d{1,3}$/, "") === headBranch.replace(/-\d{1,3}$/, "") &&
      (other.issue.closedAt?.getTime() ?? Infinity) >= closed &&
      other.issue.createdAt.getTime() <= closed,
  );
  if (later.length === 0) return "none";
  return later.some(({ issue: { createdAt } }) => createdAt.getTime() < closed) ? "open" : "maybe";
}

/**
 * Whether a later pull request that was open when this one was closed proposes the same, as there are after another grouping
 * beside one to which people have pushed: closing the one may be no word against what the other says.
 */
async function isProposedBeside(
  run: Run,
  { issue }: PullRequest,
  proposed: readonly Proposal[],
): Promise<boolean> {
  const closed = issue.closedAt?.getTime() ?? 0;
  for (const other of ourPulls(run)) {
    const { number, createdAt, closedAt } = other.issue;
    const wasOpen = createdAt.getTime() <= closed && (closedAt?.getTime() ?? Infinity) >= closed;
    if (number <= issue.number || !wasOpen) continue;
    const same = (await proposalsOf(run, other)) ?? [];
    if (same.some(({ file, path }) => proposed.some((one) => one.file === file && one.path === path)))
      return true;
  }
  return false;
}

/** Said of what was there when all was settled, and of what is there now: only what both say is sure. */
function merge(
  now: readonly Proposal[],
  before: readonly Proposal[] | undefined,
  unclear: boolean,
): readonly Omit<Hold, "pull">[] {
  if (before === undefined) return now.map((proposal) => ({ ...proposal, sure: !unclear }));
  const text = (proposals: readonly Proposal[]): string => JSON.stringify(proposals);
  const sure = text(now) === text(before) && !unclear;
  return [...now, ...before].map((proposal) => ({ ...proposal, sure }));
}

/** Whether a place has an older version than was landed there. */
function isBelow(place: Place, landed: Proposal): boolean {
  if (place.tag === landed.tag) return place.digest !== landed.digest;
  return isLater(landed.tag, place.tag);
}

/** The same image at the same path of the file; or, where that path has it no more, anywhere in the file. */
export function isAbout(
  run: Run,
  said: Pick<Proposal, "file" | "path" | "image">,
  place: Place,
  base: readonly Place[],
): "yes" | "no" | "maybe" {
  if (said.image !== place.image) return "no";
  if (said.file !== place.file)
    return run.formerly.get(place.file)?.includes(said.file) === true ? "maybe" : "no";
  if (said.path === place.path) return "yes";
  const others = base.filter(({ file, image }) => file === place.file && image === place.image);
  if (others.some(({ path }) => path === said.path)) return "maybe";
  return others.length === 1 ? "yes" : "maybe";
}

/** Whether holds forbid moving a place to a version. */
export function verdictOf(
  run: Run,
  { holds, base }: { readonly holds: readonly Hold[]; readonly base: readonly Place[] },
  place: Place,
  to: Version,
): { readonly verdict: "free" | "held" | "unclear"; readonly by?: Hold } {
  let unclear: Hold | undefined;
  for (const hold of holds) {
    const about = isAbout(run, hold, place, base);
    const forbids = isForbidden(to, hold, isFollowed(place.image));
    if (about === "no" || forbids === "no") continue;
    if (about === "yes" && hold.sure && forbids === "yes") return { verdict: "held", by: hold };
    unclear = hold;
  }
  return unclear === undefined ? { verdict: "free" } : { verdict: "unclear", by: unclear };
}

/** Only a later version ends a hold. Whether the same version built anew is a later one is nowhere said. */
function isForbidden(to: Version, hold: Version, followed: boolean): "yes" | "no" | "maybe" {
  if (followed) return to.digest === hold.digest ? "yes" : "no";
  if (to.tag === hold.tag) return to.digest === hold.digest ? "yes" : "maybe";
  return isLater(to.tag, hold.tag) ? "no" : "yes";
}
