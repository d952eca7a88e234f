/** One file of an app as what it says, and what every file is refused for. */

import { posix } from "node:path";
import { type Cursor, topOf } from "../manifests/cursor.ts";
import { readTops, readTopsOf } from "../manifests/named-paths.ts";
import { decodeText, parseSource } from "../manifests/source-file.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Snapshot } from "../model/repository.ts";
import { inertLine } from "../text/inert.ts";

/** As `file:line: why`, or `file: why`. */
export type Refused = string;

export interface SourceText {
  readonly file: string;
  readonly snapshot: Snapshot;
  readonly tops: readonly Cursor[];
  /** A refusal at a place of the file. */
  readonly refuse: (at: Cursor, why: string) => Refused;
  /** The documents of another file; none where it cannot be read. */
  readonly topsOf: (path: string) => readonly Cursor[];
  /** The documents in a text of this file. */
  readonly embedded: (text: string) => readonly Cursor[];
}

/** A file that cannot be read as a whole is refused: what it names would not be known. */
export function readSource(file: string, snapshot: Snapshot): Result<SourceText> {
  const text = decodeText(snapshot.files.get(file) ?? new Uint8Array());
  const { whole } = readTops(snapshot.files.get(file));
  const source = text === null || !whole ? null : parseSource(text);
  if (source?.ok !== true) return fail("malformed", `${file}:1: not valid YAML`);
  const { documents, placeOf } = source.value;
  return ok({
    file,
    snapshot,
    tops: documents.flatMap((document) => topOf(document) ?? []),
    refuse: (at, why) => `${file}:${placeOf(at.node.range?.[0] ?? 0).line}: ${inertLine(why, 400)}`,
    topsOf: (path) => readTops(snapshot.files.get(path)).tops,
    embedded: (inner) => readTopsOf(inner).tops,
  });
}

/** As kustomize takes texts for addresses: https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/git/repospec.go */
export function isRemote(text: string): boolean {
  return /^\w[\w+.-]*::|:\/\/|^[\w.-]+@[\w.-]+:|^(?:www\.)?(?:github|gitlab|bitbucket)\.[a-z]+[/:]|[?&](?:ref|version)=|_git\//i.test(
    text,
  );
}

/** Why a path, or a folder on the way to it, is none that is read; null where it could be. */
export function whyUnreadable({ skipped }: Snapshot, path: string): string | null {
  for (let at = path; at !== "." && at !== "/"; at = posix.dirname(at)) {
    const why = skipped.get(at);
    if (why !== undefined) return at === path ? why : `${at} is ${why}`;
  }
  return null;
}

/** Ciphertext of SOPS, and functions that kustomize would start a container or a program for. */
const traces: readonly (readonly [RegExp, string])[] = [
  [/ENC\[AES256_GCM,data:/, "cannot be applied as it is: it is encrypted by SOPS"],
  [
    /^[ \t"']*config\.(?:kubernetes|k8s)\.io\/function["']?[ \t]*:/m,
    "a function would be run as a program: none is",
  ],
];

/** What may not stand in any file that is built into objects. */
export function refusedText(file: string, bytes: Uint8Array): Refused | null {
  if (/\.(?:md|txt|tgz)$/i.test(file)) return null;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  for (const [trace, why] of traces) {
    const found = trace.exec(text);
    if (found !== null) return `${file}:${text.slice(0, found.index).split("\n").length}: ${why}`;
  }
  return null;
}
