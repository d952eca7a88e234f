/** A branch of ours: one commit on the head of the default branch, with the chosen values spliced in. */

import type { ImageEdit } from "../../manifests/splice.ts";
import { type Result, fail, ok } from "../../model/failure.ts";
import type { Comparison, Person } from "../../model/pull.ts";
import type { Head, Snapshot } from "../../model/repository.ts";
import type { Unit } from "../../plan/unit.ts";
import type { Code } from "../../ports/forge.ts";
import type { Threads } from "../../ports/threads.ts";
import { blobId } from "../blob-id.ts";
import { editFile } from "./edit-file.ts";

/** Whether every commit was made by our App through GitHub: a name alone is easily taken. */
export function isAllOurs(comparison: Comparison, self: Person): boolean {
  return comparison.commits.every(({ author, verified }) => author?.id === self.id && verified);
}

/** The edited files of a unit; `rejected` when a splice would change anything else, `timeout` when it was cut off. */
export async function editedFiles(
  unit: Unit,
  snapshot: Snapshot,
  threads: Threads,
): Promise<Result<ReadonlyMap<string, Uint8Array>>> {
  const edits = new Map<string, ImageEdit[]>();
  for (const { occurrence, to } of unit.bumps) {
    edits.set(occurrence.file, [...(edits.get(occurrence.file) ?? []), { occurrence, to }]);
  }
  const files = new Map<string, Uint8Array>();
  for (const [file, own] of edits) {
    const bytes = snapshot.files.get(file);
    if (bytes === undefined) return fail("rejected", `${file} is not in the commit`);
    const edited = await editFile(threads, file, { bytes, edits: own });
    if (!edited.ok) return edited;
    files.set(file, edited.value);
  }
  return ok(files);
}

export interface BranchPlan {
  readonly branch: string;
  readonly head: Head;
  readonly self: Person;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly message: string;
}

/**
 * Puts a new branch up, or takes over one that is there without a pull request: what is left of an earlier unit, or of a run
 * that was killed in between. Answers the commit at its tip.
 */
export async function createBranch(code: Code, plan: BranchPlan): Promise<Result<string>> {
  const { branch, head, files, message } = plan;
  const content = { branch, parent: head.sha, parentTree: head.tree, files, message };
  const created = await code.writeBranch({ ...content, expected: null });
  if (created.ok || created.failure.code !== "conflict") return created;
  const tip = await code.branch(branch);
  return tip.ok ? moveBranch(code, plan, tip.value) : tip;
}

/** Moves a branch from a tip that nobody has described yet, unless what is there is what would be written. */
export async function moveBranch(code: Code, plan: BranchPlan, tip: string): Promise<Result<string>> {
  const compared = await code.compare(plan.head.sha, tip);
  if (compared.ok && isContent(compared.value, plan)) return ok(tip);
  return replaceBranch(code, plan, tip);
}

export function replaceBranch(code: Code, plan: BranchPlan, tip: string): Promise<Result<string>> {
  const { branch, head, files, message } = plan;
  const content = { branch, parent: head.sha, parentTree: head.tree, files, message };
  return code.writeBranch({ ...content, expected: tip });
}

function isContent(comparison: Comparison, { head, self, files }: BranchPlan): boolean {
  if (comparison.mergeBase !== head.sha || comparison.commits.length !== 1) return false;
  if (!isAllOurs(comparison, self) || comparison.files.length !== files.size) return false;
  return comparison.files.every(({ path, blob, status }) => {
    const bytes = files.get(path);
    const isWritten = status === "modified" || status === "added";
    return bytes !== undefined && isWritten && blobId(bytes) === blob;
  });
}
