/** Which pull requests are ours: told by who opened them and from which repository, never by what they say. */

import type { Person, PullRequest } from "../../model/pull.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import { branchPrefix } from "../../plan/branch.ts";

/** As whom we act, and where. */
export interface Own {
  readonly self: Person;
  readonly repository: RepositoryRef;
}

/** Whether our App opened it from a branch of this repository: a branch of the same name in a fork is somebody else's. */
export function isOwnPull({ self, repository }: Own, { author, headRepository }: PullRequest): boolean {
  return author.id === self.id && headRepository === repository.id;
}

/** Whether it is, of these, one that moves images. */
export function isOwnBump(own: Own, pull: PullRequest): boolean {
  return pull.headBranch.startsWith(branchPrefix) && isOwnPull(own, pull);
}
