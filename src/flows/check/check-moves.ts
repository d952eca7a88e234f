/** How the branch of a pull request came to be where it is. */

import { type Result, ok } from "../../model/failure.ts";
import type { PullRequest, RefActivity } from "../../model/pull.ts";
import { explains } from "../../signoff/sight.ts";
import type { Bench } from "./check-bench.ts";

/**
 * The moves, newest first, or why they prove nothing; `passing` when they will be known soon, `fork` where GitHub tells them
 * to nobody here, so that what a reviewer saw has to be proven otherwise.
 */
export type Moves =
  | { readonly known: true; readonly moves: readonly RefActivity[] }
  | { readonly known: false; readonly why: string; readonly passing: boolean; readonly fork?: true };

/** Before GitHub kept such lists: all that there are. */
const ever = "2000-01-01T00:00:00Z";

/** A list that GitHub cut, refuses, or has not brought up to date is no proof, and no error either. */
export async function readMoves({ forge, repository }: Bench, pull: PullRequest): Promise<Result<Moves>> {
  if (pull.headRepository !== repository.id) {
    const why = "approved in a fork, of which GitHub does not tell what the branch held at the time";
    return ok({ known: false, why, passing: false, fork: true });
  }
  const read = await forge.code.activity(pull.headBranch, ever);
  if (!read.ok) {
    const lasting = read.failure.code === "incomplete" || read.failure.code === "not-found";
    return lasting ? ok(unknown("approved a branch of which GitHub does not list all moves")) : read;
  }
  if (!explains(read.value, pull.headSha)) {
    const why = `approved while GitHub does not tell yet who moved the branch to ${pull.headSha.slice(0, 7)}`;
    return ok({ known: false, why, passing: true });
  }
  return ok({ known: true, moves: read.value });
}

function unknown(why: string): Moves {
  return { known: false, why, passing: false };
}
