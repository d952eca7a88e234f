/** The findings of several shapes in one document, put together. */

import type { Occurrence } from "../model/update.ts";
import type { Outcome } from "./read-document.ts";
import { fullName } from "./full-name.ts";
import type { Read } from "./read-place.ts";

/**
 * An image, or a file that may hold one, that is left alone; the reason is a phrase, without other text from the file than
 * names of images.
 */
export interface SkippedPlace {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface Finds {
  /** A place that a shape knows; the first shape that does has it. */
  readonly add: (shape: string, outcome: Outcome) => void;
  /** A place that is told only where no shape has said anything. */
  readonly addRest: (outcome: Outcome) => void;
  /** In the order of the file. */
  readonly found: () => {
    readonly occurrences: readonly Occurrence[];
    readonly skipped: readonly SkippedPlace[];
  };
}

/** What one shape made of the same bytes: several images, where aliases take them to more than one. */
interface Claim {
  readonly shape: string;
  readonly reads: Read[];
}

export function createFinds(file: string): Finds {
  /** By every byte at which a part of an image begins. */
  const claims = new Map<number, Claim>();
  const lines = new Set<number>();
  const skipped = new Map<string, SkippedPlace & { readonly start?: number }>();
  const skip = (line: number, reason: string, start?: number): void => {
    lines.add(line);
    skipped.set(`${line} ${reason}`, { file, line, reason, start });
  };
  return {
    add(shape, [read, { source }]) {
      if ("reason" in read) skip(source.placeOf(read.offset).line, read.reason, source.byteOf(read.offset));
      else claim(claims, shape, read);
    },
    addRest([read, { source }]) {
      const refused = "reason" in read;
      const line = refused ? source.placeOf(read.offset).line : read.line;
      const start = refused ? source.byteOf(read.offset) : read.start;
      if (!isClaimed(claims, start) && !lines.has(line)) skip(line, refused ? read.reason : unknownReason);
    },
    found() {
      const occurrences = [...new Set(claims.values())].flatMap(({ shape, reads }): readonly Occurrence[] => {
        if (reads.length > 1) skip(Math.min(...reads.map(({ line }) => line)), sharedReason(reads));
        return reads.length > 1 ? [] : reads.map((read) => ({ file, ...read, shape }));
      });
      return {
        occurrences: occurrences.toSorted((a, b) => a.start - b.start),
        skipped: [...skipped.values()]
          .filter(({ start }) => !isClaimed(claims, start))
          .map(({ line, reason }) => ({ file, line, reason }))
          .toSorted((a, b) => a.line - b.line),
      };
    },
  };
}

/** A scalar that one shape leaves alone may be known to another; a quote may stand in front of it. */
function isClaimed(claims: ReadonlyMap<number, Claim>, start: number | undefined): boolean {
  return start !== undefined && (claims.has(start) || claims.has(start + 1));
}

/** The first shape that knows any of the bytes has them. */
function claim(claims: Map<number, Claim>, shape: string, read: Read): void {
  const known = startsOf(read).flatMap((start) => claims.get(start) ?? []);
  if (known.some((other) => other.shape !== shape)) return;
  const own = known[0] ?? { shape, reads: [] };
  for (const other of new Set(known)) if (other !== own) own.reads.push(...other.reads);
  if (!own.reads.some((other) => isSame(other, read))) own.reads.push(read);
  for (const start of own.reads.flatMap(startsOf)) claims.set(start, own);
}

function startsOf({ start, edits }: Read): readonly number[] {
  return edits?.map((edit) => edit.start) ?? [start];
}

/** Whether an edit of the one is an edit of the other. */
function isSame(one: Read, other: Read): boolean {
  return fullName(one.image) === fullName(other.image) && startsOf(one).join() === startsOf(other).join();
}

const unknownReason = "where no known shape has an image";

/** No value can be chosen for one image alone that others have too, and no tag without its digest. */
function sharedReason(reads: readonly Read[]): string {
  const images = [...new Set(reads.map(({ image }) => image))].toSorted();
  const shown = images.slice(0, 5).join(", ") + (images.length > 5 ? " and more" : "");
  return images.length === 1
    ? `aliases share the tag or the digest of ${shown}, but not both`
    : `aliases share one value among several images: ${shown}`;
}
