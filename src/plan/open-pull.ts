/** An open pull request of ours, and who has made what stands on its branch. */

import type { PullRequest } from "../model/pull.ts";
import { readBumpMarker } from "./bump-marker.ts";

/** An open pull request of ours. `tip` is who made the commits of its branch: `foreign` if any of them is not ours. */
export interface OpenPull {
  readonly pull: PullRequest;
  readonly tip: "ours" | "foreign";
  /** What it was built on is no longer in the default branch: merging it would bring back what people have dropped. */
  readonly uprooted?: boolean;
  /** What its text says that it moves is not known to be our word. */
  readonly unsealed?: boolean;
}

/** Whether who made the commits of a branch has to be asked: not for a tip that we remember. */
export function isTipKnown(pull: PullRequest): boolean {
  const marker = readBumpMarker(pull.body);
  return marker !== undefined && (marker.commit === pull.headSha || marker.edited === pull.headSha);
}

/** Whether a known tip is the one that we put there. */
export function isOurTip(pull: PullRequest): boolean {
  return readBumpMarker(pull.body)?.commit === pull.headSha;
}
