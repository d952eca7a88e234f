/** The findings of several shapes in one document, put together. */

import type { Occurrence } from "../model/update.ts";
import type { Outcome } from "./read-document.ts";
import type { Read } from "./read-place.ts";

/** An image, or a file that may hold one, that is left alone; the reason is a phrase without text from the file. */
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

export function createFinds(file: string): Finds {
  const reads = new Map<number, Read & { readonly shape: string }>();
  const lines = new Set<number>();
  const skipped = new Map<string, SkippedPlace>();
  const skip = (line: number, reason: string): void => {
    lines.add(line);
    skipped.set(`${line} ${reason}`, { file, line, reason });
  };
  return {
    add(shape, [read, { source }]) {
      if ("reason" in read) {
        skip(source.placeOf(read.offset).line, read.reason);
        return;
      }
      const known = reads.get(read.start);
      if (known === undefined) reads.set(read.start, { ...read, shape });
      else if (known.shape === shape && known.image !== read.image) skip(read.line, sharedReason);
    },
    addRest([read, { source }]) {
      const taken = !("reason" in read) && reads.has(read.start);
      const line = "reason" in read ? source.placeOf(read.offset).line : read.line;
      if (!taken && !lines.has(line)) skip(line, "reason" in read ? read.reason : unknownReason);
    },
    found: () => ({
      occurrences: [...reads.values()]
        .map((read) => ({ file, ...read }))
        .toSorted((a, b) => a.start - b.start),
      skipped: [...skipped.values()].toSorted((a, b) => a.line - b.line),
    }),
  };
}

const unknownReason = "where no known shape has an image";
const sharedReason = "shares its tag with another image through an alias";
