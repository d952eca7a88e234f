/** What a pull request of ours remembers about itself, hidden in its body. */

import { z } from "zod";
import { valueText } from "../manifests/image-value.ts";
import { makeMarker, readMarker } from "../text/marker.ts";
import type { PlannedBump } from "./unit.ts";

const kind = "bump";
/** What a text has room to remember of an earlier one, in characters. */
const earlierLength = 10_000;

const bumpRecord = z.object({
  file: z.string(),
  path: z.string(),
  image: z.string(),
  from: z.string(),
  to: z.string(),
});

const bumpMarker = z.object({
  /** Bumps that the branch makes. */
  bumps: z.array(bumpRecord),
  /** Of `sealText`: whoever may edit the text cannot make one, so that the bumps are known to be what we wrote. */
  seal: z.string().optional(),
  /** The commit that we put at the tip of the branch. */
  commit: z.string(),
  /** The commit of the default branch that it was built on; texts of earlier releases do not tell. */
  base: z.string().optional(),
  /** What it said of a head that was ours before: whoever merged or closed that one has not seen what it says now. */
  before: z.object({ head: z.string(), bumps: z.array(bumpRecord) }).optional(),
  /** Hash of the lines that it edits and of those next to them, as they were on the default branch. */
  lines: z.string().default(""),
  /** Hash of the title and body that we wrote, so that what a person adds to them is left alone. */
  text: z.string(),
  /** A tip by somebody else, for which we no longer build this branch. */
  edited: z.string().optional(),
  /** The pull request that has taken the place of an edited one. */
  continued: z.number().optional(),
  /** Closed by ourselves: says nothing about the versions in it. */
  closed: z.literal(true).optional(),
  /** Somebody wants its versions after all: it holds nothing any more. */
  resumed: z.literal(true).optional(),
});

/** One bump as the marker has it; `from` and `to` as written behind the repository's name. */
export type BumpRecord = z.infer<typeof bumpRecord>;
export type BumpMarker = z.infer<typeof bumpMarker>;

/** Whether it tells of an end. On an open pull request, which somebody has opened again, that is no longer so. */
export function isOver({ closed, resumed }: BumpMarker): boolean {
  return closed === true || resumed === true;
}

/** What a marker no longer tells once the pull request is open again: what people say of it next counts. */
export const goesOn: Partial<BumpMarker> = { closed: undefined, resumed: undefined };

export function makeBumpMarker(marker: BumpMarker): string {
  return makeMarker(kind, marker);
}

/** Undefined where there is none, or a person has broken it. */
export function readBumpMarker(body: string): BumpMarker | undefined {
  const parsed = bumpMarker.safeParse(readMarker(body, kind));
  return parsed.success ? parsed.data : undefined;
}

/** What it says of one head of the pull request. */
export function bumpsAt({ bumps, before }: BumpMarker, head: string): readonly BumpRecord[] {
  return before !== undefined && before.head === head ? before.bumps : bumps;
}

/**
 * What it is to tell of the head that is replaced; nothing where that moves the same, or so much that the text grows too long,
 * or where it never told of that head: then that is the work of a run whose answer was lost, and already moves what is told next.
 */
export function earlier(
  marker: BumpMarker | undefined,
  head: string,
  bumps: readonly BumpRecord[],
): BumpMarker["before"] {
  const old = marker?.commit === head ? marker.bumps : [];
  const text = JSON.stringify(old);
  const isNews = old.length > 0 && text !== JSON.stringify(bumps);
  return isNews && text.length <= earlierLength ? { head, bumps: [...old] } : undefined;
}

/** What is sealed: the bumps, for one branch of one repository, given by its id. */
export function sealText(repository: number, branch: string, bumps: readonly BumpRecord[]): string {
  const records = bumps.map(({ file, path, image, from, to }) => [file, path, image, from, to]);
  return JSON.stringify(["bump", repository, branch, records]);
}

export function bumpRecords(bumps: readonly PlannedBump[]): readonly BumpRecord[] {
  return bumps.map(({ occurrence: { file, path, image }, from, to }) => ({
    file,
    path,
    image,
    from: valueText(from),
    to: valueText(to),
  }));
}
