/** The short form of a commit that check suites and pushes carry. */

import type { CommitObject, Signature } from "../git/object-text.ts";
import { time } from "./links.ts";

/** `simple-commit`. */
export function presentSimpleCommit(commit: CommitObject): Record<string, unknown> {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: time(commit.committer.date),
    author: presentName(commit.author),
    committer: presentName(commit.committer),
  };
}

function presentName({ name, email }: Signature): Record<string, string> {
  return { name, email };
}
