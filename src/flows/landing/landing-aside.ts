/**
 * What an app's inputs would hold without the landings that prove nothing. Such content is set aside, and what is signed off
 * afterwards is merged into it: where the branch holds the same again, whoever took it back, everything there is proven.
 */

import { type Result, ok } from "../../model/failure.ts";
import type { Code } from "../../ports/forge.ts";
import { asBytes, asText, mergeContent } from "../../rollout/merge-text.ts";

/** A landing that is not proven: everything from `parent` up to `sha`, and half a sentence why. */
export interface Stop {
  readonly sha: string;
  readonly parent: string;
  readonly reason: string;
}

/** By path: the proven content, null where there is no such file, and the first landing that put something else there. */
export type Aside = ReadonlyMap<string, { readonly content: Uint8Array | null; readonly stop: Stop }>;

/** Keeps what was at `stop.parent`; what is aside already stays as it is. */
export async function setAside(
  code: Code,
  aside: Aside,
  files: readonly string[],
  stop: Stop,
): Promise<Result<Aside>> {
  const before = await code.snapshot(stop.parent);
  if (!before.ok) return before;
  const fresh = files.filter((file) => !aside.has(file));
  const kept = fresh.map((file) => [file, { content: before.value.files.get(file) ?? null, stop }] as const);
  return ok(new Map([...aside, ...kept]));
}

/** Merges what a proven landing changed into what is aside; a file where the two do not fit together stays as it is. */
export async function mergeAside(
  code: Code,
  aside: Aside,
  files: readonly string[],
  { base, approved }: { readonly base: string; readonly approved: string },
): Promise<Result<Aside>> {
  const touched = files.filter((file) => aside.has(file));
  if (touched.length === 0) return ok(aside);
  const [before, after] = [await code.snapshot(base), await code.snapshot(approved)];
  if (!before.ok) return before;
  if (!after.ok) return after;
  const merged = new Map(aside);
  for (const file of touched) {
    const own = aside.get(file);
    if (own === undefined) continue;
    const versions = [before.value.files.get(file), own.content ?? undefined, after.value.files.get(file)];
    const [was, ours, theirs] = versions.map(asText);
    const content = mergeContent(was, ours, theirs);
    if (content !== null) merged.set(file, { ...own, content: asBytes(content) ?? null });
  }
  return ok(merged);
}

/** What is still aside at a commit: where it holds the same by now, nothing is. */
export async function stillAside(code: Code, aside: Aside, sha: string): Promise<Result<Aside>> {
  if (aside.size === 0) return ok(aside);
  const snapshot = await code.snapshot(sha);
  if (!snapshot.ok) return snapshot;
  const { files, skipped } = snapshot.value;
  const left = [...aside].filter(
    ([file, { content }]) => skipped.has(file) || asText(content ?? undefined) !== asText(files.get(file)),
  );
  return ok(new Map(left));
}
