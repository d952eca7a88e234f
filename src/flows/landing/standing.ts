/** How far an app may go, and what has to be known to tell. */

import type { Result } from "../../model/failure.ts";
import type { Tip } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import type { Threads } from "../../ports/threads.ts";
import type { LandingRecord, Pending } from "../../rollout/inventory.ts";
import type { Stop } from "./landing-aside.ts";

/** So many commits make a proof long: GitHub lists at most 250 of a comparison. */
export const longProof = 100;

/** How far an app may go. */
export interface Standing {
  readonly sha: string;
  /** What brought it there, oldest first; none where nothing of the app's changed. */
  readonly landings: readonly LandingRecord[];
  /** The first landing that proves nothing and was not taken back since; the app stays before it. */
  readonly stopped: Stop | null;
  /** How many commits were looked through. */
  readonly commits: number;
  /** A commit of which GitHub may not show yet how it came; what follows was not looked at. */
  readonly waiting: string | null;
}

/** Whether a commit on its way brings these very changes: what landed since is of other apps, and begins nothing anew. */
export function bringsTheSame({ landings: carried = [] }: Pending, { landings }: Standing): boolean {
  return landings.length === carried.length && landings.at(-1)?.sha === carried.at(-1)?.sha;
}

/** What is looked at: one app between the commit that is applied and the tip of the branch. */
export interface Question {
  readonly forge: RepositoryForge;
  readonly threads: Threads;
  readonly path: string;
  readonly from: string;
  readonly head: Tip;
  /** Whether a landing without a pull request may be one that GitHub only does not show yet. */
  mayBeLate(sha: string): boolean;
  /** How people have accepted a landing that nothing else proves; null where they have not. */
  accepted(landing: Stop): Promise<Result<LandingRecord | null>>;
}
