/** What people read in the pull request that takes another one back. */

import { shortDigest } from "../../manifests/image-value.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Comparison, PullRequest } from "../../model/pull.ts";
import type { Head } from "../../model/repository.ts";
import type { ImageValue } from "../../model/update.ts";
import { needsText } from "../../plan/need-text.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import type { ImageMove } from "../../signoff/change.ts";
import { inertSpan } from "../../text/inert.ts";
import { fitBlocks, table } from "../../text/markdown.ts";
import { makeMarker } from "../../text/marker.ts";
import type { Bench } from "../check/check-bench.ts";
import { changedPaths } from "../check/check-change.ts";
import { readImageMoves } from "../check/check-identity.ts";
import { matterOf } from "../check/check-judge.ts";

interface Built {
  /** Null where there is no configuration. */
  readonly bench: Bench | null;
  readonly head: Head;
  /** The one that is taken back. */
  readonly pull: PullRequest;
  readonly because: string;
  readonly branch: string;
  readonly sha: string;
}

/** Rows of a table, and lines of a list; the diff shows them all. */
const most = 50;

export async function rollbackBody(forge: RepositoryForge, built: Built): Promise<Result<string>> {
  const { bench, head, pull, because, sha } = built;
  const compared = await forge.code.compare(head.sha, sha);
  if (!compared.ok) return compared;
  const moves = bench === null ? ok(null) : await readImageMoves(bench, compared.value, sha);
  if (!moves.ok) return moves;
  const needs = bench === null ? ok([]) : await needsOf(bench, built, compared.value);
  if (!needs.ok) return needs;
  const landed = pull.mergeCommitSha?.slice(0, 7) ?? "";
  const blocks = [
    `Takes back what #${pull.number} has changed in ${inertSpan(landed)}, and nothing else. ${because}`,
    moves.value === null || moves.value.length === 0 ? filesList(compared.value) : movesTable(moves.value),
    ...needs.value,
  ];
  return ok(fitBlocks(blocks, makeMarker("rollback", { pull: pull.number, sha: pull.mergeCommitSha })));
}

function filesList({ files }: Comparison): string {
  const lines = changedPaths(files)
    .slice(0, most)
    .map((path) => `- ${inertSpan(path)}`);
  return lines.join("\n");
}

function movesTable(moves: readonly ImageMove[]): string {
  const rows = moves
    .slice(0, most)
    .map(({ image, from, to, file }) =>
      [image, valueOf(from), valueOf(to), file].map((one) => inertSpan(one)),
    );
  return table(["Image", "From", "To", "Where"], rows);
}

function valueOf({ tag, digest }: ImageValue): string {
  return [tag, digest === null ? null : shortDigest(digest)].filter((part) => part !== null).join("@");
}

/** Which apps it touches, and whose approval it needs. */
async function needsOf(
  bench: Bench,
  { pull, branch, sha }: Built,
  comparison: Comparison,
): Promise<Result<readonly string[]>> {
  const own = { ...pull, author: bench.self, headSha: sha, headBranch: branch, labels: [] };
  const matter = await matterOf(bench, own, comparison, changedPaths(comparison.files));
  if (!matter.ok) return matter;
  const { change, demands } = matter.value;
  if (change.apps.length === 0) return ok(["It touches no app."]);
  const apps = change.apps.map(({ name, environment }) => `${inertSpan(name)} (${inertSpan(environment)})`);
  return ok([`It touches ${apps.slice(0, 20).join(", ")}, and needs ${needsText(demands)}.`]);
}
