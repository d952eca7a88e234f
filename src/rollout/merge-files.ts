/** The files that a merge would leave, worked out from three commits. */

import { Buffer } from "node:buffer";
import type { Snapshot } from "../model/repository.ts";
import { mergeText } from "./merge-text.ts";

export interface MergeInput {
  /** Where the two sides part. */
  readonly origin: Snapshot;
  readonly base: Snapshot;
  readonly head: Snapshot;
  /** Every path that differs between `origin` and `head`. */
  readonly paths: readonly string[];
}

/** `base` with the changes of `head`; null where they are in conflict. Its `sha` names both sides and is no commit's. */
export function mergeFiles({ origin, base, head, paths }: MergeInput): Snapshot | null {
  const files = new Map(base.files);
  const skipped = new Map(base.skipped);
  for (const path of paths) {
    const merged = mergeFile(origin.files.get(path), base.files.get(path), head.files.get(path));
    if (merged === null) return null;
    if (merged === undefined) files.delete(path);
    else files.set(path, merged);
    const why = head.skipped.get(path);
    if (why === undefined) skipped.delete(path);
    else skipped.set(path, why);
  }
  return { sha: `${base.sha}+${head.sha}`, files, skipped };
}

type Bytes = Uint8Array | undefined;

/** Undefined where the file is gone, null where the sides are in conflict. */
function mergeFile(origin: Bytes, base: Bytes, head: Bytes): Bytes | null {
  if (isSame(base, origin) || isSame(base, head)) return head;
  if (isSame(head, origin)) return base;
  if (origin === undefined || base === undefined || head === undefined) return null;
  const text = mergeText(asText(origin), asText(base), asText(head));
  return text === null ? null : Buffer.from(text, "latin1");
}

function isSame(one: Bytes, other: Bytes): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Every byte is a character of its own, so that any content comes back as it was. */
function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
