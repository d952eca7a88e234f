/** Who had a hand in a change: by its commits, their co-authors, and the moves of its branch. */

import type { Commit, Person, RefActivity } from "../model/pull.ts";
import type { Contributor } from "./facts.ts";

const coAuthor = /^co-authored-by:[^<\n]*<(?:(\d{1,15})\+)?([a-z0-9-]{1,39})@users\.noreply\.[a-z0-9.-]+>/gim;

export interface Contributions {
  readonly contributors: readonly Contributor[];
  /** Commits, and moves of the branch, that belong to no account. */
  readonly unattributed: readonly string[];
}

/**
 * Everybody who contributed to `commits` (all between base and head, side branches of merges included) or moved the branch
 * to where it is. Of a signed commit in our name only its committer counts, which is GitHub itself where we made it: a
 * person can sign a commit that names us as its author, because GitHub holds signatures against the committer. A co-author is found by GitHub's own address
 * only: another address names no account, and whoever wants to hide as a co-author leaves the line out anyway.
 */
export function contributions(
  commits: readonly Commit[],
  moves: readonly RefActivity[],
  self: Person,
): Contributions {
  const foreign = commits.filter((commit) => !isOurs(commit, self));
  const pushes = movesSinceOurs(moves, self);
  return {
    contributors: [...commits.flatMap((commit) => ofCommit(commit, self)), ...pushes.flatMap(ofMove)],
    unattributed: [
      ...foreign.filter(isNobodys).map((commit) => commit.sha),
      ...pushes.filter((move) => move.actor === null).map((move) => move.after),
    ],
  };
}

/** What was committed on the web is signed by GitHub itself, which an Enterprise server shows as no account. */
function isNobodys({ author, committer, verified }: Commit): boolean {
  return author === null || (committer === null && !verified);
}

function isOurs({ author, verified }: Commit, self: Person): boolean {
  return author?.id === self.id && verified;
}

function ofCommit(commit: Commit, self: Person): readonly Contributor[] {
  const { sha, author, committer, message } = commit;
  if (isOurs(commit, self)) return committer === null ? [] : [part(committer, "committer", sha)];
  return [
    ...(author === null ? [] : [part(author, "commit-author", sha)]),
    ...(committer === null ? [] : [part(committer, "committer", sha)]),
    ...[...message.matchAll(coAuthor)].map(([, id, login = ""]): Contributor => {
      return { id: id === undefined ? null : Number(id), login, part: "co-author", sha };
    }),
  ];
}

function ofMove({ actor, after }: RefActivity): readonly Contributor[] {
  return actor === null ? [] : [part(actor, "pusher", after)];
}

function part({ id, login }: Person, part: Contributor["part"], sha: string): Contributor {
  return { id, login, part, sha };
}

/**
 * The moves that made the branch what it is, newest first: back to its creation, or to a move of ours, which replaces the
 * branch whole and with it what others had pushed.
 */
function movesSinceOurs(moves: readonly RefActivity[], self: Person): readonly RefActivity[] {
  const end = moves.findIndex((move) => move.actor?.id === self.id || move.type === "branch_creation");
  const since = end < 0 ? moves : moves.slice(0, end + 1);
  return since.filter((move) => move.actor?.id !== self.id);
}
