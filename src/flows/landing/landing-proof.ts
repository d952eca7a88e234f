/** Proves one landing: it was signed off when it was merged, and what landed is what was signed off. */

import { type Result, ok } from "../../model/failure.ts";
import type { PullRequest } from "../../model/pull.ts";
import type { TreeEntry } from "../../model/repository.ts";
import type { CheckRun } from "../../ports/checks.ts";
import type { Code, RepositoryForge } from "../../ports/forge.ts";
import { asText, mergeContent } from "../../rollout/merge-text.ts";
import { type AuditRecord, readAudit } from "../../signoff/audit.ts";
import { signoffCheck } from "../../signoff/check-name.ts";

/** A success of ours, with the record of what it was made from; null where it keeps none. */
export interface Signature {
  readonly run: CheckRun;
  readonly record: AuditRecord | null;
}

/**
 * Our newest verdict at the time of the merge, where it was a success for this pull request: a commit can be the head of
 * several. What was concluded later does not count.
 */
export async function signatureOf(
  forge: RepositoryForge,
  pull: PullRequest,
): Promise<Result<Signature | null>> {
  const runs = await forge.checks.list(pull.headSha, signoffCheck);
  if (!runs.ok) return runs;
  const merged = Date.parse(pull.mergedAt ?? "");
  const [run] = runs.value
    .filter(({ completedAt }) => Date.parse(completedAt ?? "") <= merged)
    .toSorted((a, b) => Date.parse(b.completedAt ?? "") - Date.parse(a.completedAt ?? "") || b.id - a.id);
  if (run?.conclusion !== "success") return ok(null);
  const records = readAudit(run.text ?? "");
  const record = records.find((one) => one.pull === pull.number && one.head === pull.headSha) ?? null;
  return ok(record === null && records.length > 0 ? null : { run, record });
}

/**
 * Where the approved change begins. GitHub merges from where the pull request leaves the branch, and shows the change from
 * there: when the branch was rewritten after the verdict, that is another change, and what was judged counts.
 */
export async function approvedBase(
  code: Code,
  { record }: Signature,
  mergeBase: string,
): Promise<Result<string>> {
  if (record === null || record.mergeBase === mergeBase) return ok(mergeBase);
  const between = await code.lineage(record.mergeBase, mergeBase);
  if (!between.ok) return between;
  return ok(between.value.status === "ahead" ? mergeBase : record.mergeBase);
}

/** The commits of a merge: merge base of the approved head and the parent, the two, and what came of it. */
export interface MergeCommits {
  readonly base: string;
  readonly parent: string;
  readonly approved: string;
  readonly landed: string;
}

type Entries = readonly [base?: TreeEntry, parent?: TreeEntry, approved?: TreeEntry, landed?: TreeEntry];

/**
 * The first file, of those that `counts`, that is not as the clean merge of the approved change into what was there makes it;
 * null when there is none. Files are only fetched where both sides have changed one.
 */
export async function unprovenContent(
  code: Code,
  counts: (file: string) => boolean,
  commits: MergeCommits,
): Promise<Result<string | null>> {
  const { base, parent, approved, landed } = commits;
  const trees: ReadonlyMap<string, TreeEntry>[] = [];
  for (const tree of await Promise.all([base, parent, approved, landed].map((sha) => code.tree(sha)))) {
    if (!tree.ok) return tree;
    trees.push(tree.value);
  }
  const both: string[] = [];
  for (const file of [...new Set(trees.flatMap((tree) => [...tree.keys()]))].filter(counts).sort()) {
    const entries = trees.map((tree) => tree.get(file)) as unknown as Entries;
    const merged = mergedEntry(entries);
    if (merged === "both") both.push(file);
    else if (!same(merged, entries[3])) return ok(file);
  }
  return both.length === 0 ? ok(null) : firstUnmerged(code, commits, both);
}

/** `both` where both sides have changed a file, so that its lines have to be merged. */
function mergedEntry([base, parent, approved]: Entries): TreeEntry | undefined | "both" {
  if (same(approved, base) || same(parent, approved)) return parent;
  return same(parent, base) ? approved : "both";
}

/** A link whose target reads like a file is none; whether a file may be executed is nothing that is applied. */
function same(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a?.sha === b?.sha && a?.mode.slice(0, 3) === b?.mode.slice(0, 3);
}

async function firstUnmerged(
  code: Code,
  { base, parent, approved, landed }: MergeCommits,
  files: readonly string[],
): Promise<Result<string | null>> {
  const texts: ReadonlyMap<string, Uint8Array>[] = [];
  for (const sha of [base, parent, approved, landed]) {
    const snapshot = await code.snapshot(sha);
    if (!snapshot.ok) return snapshot;
    // What could not be read is not absent: two such files would look alike whatever they hold.
    const unread = files.find((file) => snapshot.value.skipped.has(file));
    if (unread !== undefined) return ok(unread);
    texts.push(snapshot.value.files);
  }
  const bad = files.find((file) => {
    const [before, ours, theirs, result] = texts.map((of) => asText(of.get(file)));
    return mergeContent(before, ours, theirs) !== result;
  });
  return ok(bad ?? null);
}
