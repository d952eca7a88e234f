/** What changed between two commits, whatever number of files that is. */

import { type Result, ok } from "../../model/failure.ts";
import type { Comparison, FileChange } from "../../model/pull.ts";
import type { Code } from "../../ports/forge.ts";

/** As `compare`; where GitHub cuts the list of files, it is told from the trees. */
export async function compareAll(code: Code, base: string, head: string): Promise<Result<Comparison>> {
  const compared = await code.compare(base, head);
  if (compared.ok || compared.failure.code !== "incomplete") return compared;
  const lineage = await code.lineage(base, head);
  if (!lineage.ok) return lineage;
  const files = await changesBetween(code, lineage.value.mergeBase, head);
  return files.ok ? ok({ ...lineage.value, files: files.value }) : files;
}

/** By the trees of the two commits, however they are related; a renamed file counts as removed and added. */
export async function changesBetween(
  code: Code,
  before: string,
  after: string,
): Promise<Result<readonly FileChange[]>> {
  const [old, now] = await Promise.all([code.tree(before), code.tree(after)]);
  if (!old.ok) return old;
  if (!now.ok) return now;
  const changes: FileChange[] = [];
  for (const [path, { sha, mode }] of now.value) {
    const was = old.value.get(path);
    if (was === undefined) changes.push({ path, status: "added", blob: sha });
    else if (was.sha !== sha || was.mode !== mode) changes.push({ path, status: "modified", blob: sha });
  }
  for (const [path, { sha }] of old.value) {
    if (!now.value.has(path)) changes.push({ path, status: "removed", blob: sha });
  }
  return ok(changes);
}
