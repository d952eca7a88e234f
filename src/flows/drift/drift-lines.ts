/** Adds to drift the lines of Git on which its fields stand. */

import { type ObjectName } from "../../manifests/adopt-fields.ts";
import { fieldLines } from "../../manifests/field-line.ts";
import type { Snapshot } from "../../model/repository.ts";
import type { Task, Threads } from "../../ports/threads.ts";
import type { Found } from "./drift-find.ts";

interface FileInput {
  readonly bytes: Uint8Array;
  readonly objects: readonly { readonly name: ObjectName; readonly fields: readonly (readonly string[])[] }[];
}

type Lines = readonly (number | null)[];

/** A text of so many bytes is parsed within some milliseconds, whatever it says. */
const smallBytes = 8 * 1024;

export const findLines: Task<FileInput, readonly Lines[]> = {
  module: import.meta.url,
  name: "findLines",
  isSmall: ({ bytes, objects }) => bytes.length * objects.length <= smallBytes,
  run: ({ bytes, objects }) => [objects.map(({ name, fields }) => fieldLines({ bytes, name, fields }))],
};

/** The same findings; a field that stands nowhere as it is keeps the line of its object. */
export async function withLines(
  threads: Threads,
  { files }: Snapshot,
  found: readonly Found[],
): Promise<readonly Found[]> {
  const known = new Map<Found, Lines>();
  for (const [file, inFile] of Map.groupBy(found, ({ drift }) => drift.file)) {
    const bytes = files.get(file);
    if (bytes === undefined) continue;
    const objects = inFile.map(({ planned, drift }) => ({
      name: { ...drift.id, apiVersion: planned.object.apiVersion },
      fields: drift.fields.map(({ steps }) => steps),
    }));
    const read = await threads.first(findLines, { bytes, objects });
    if (read.ok) for (const [index, one] of inFile.entries()) known.set(one, read.value[index] ?? []);
  }
  return found.map((one) => {
    const lines = known.get(one) ?? [];
    const fields = one.drift.fields.map((field, index) => {
      const line = lines[index];
      return typeof line === "number" ? { ...field, line } : field;
    });
    return { ...one, drift: { ...one.drift, fields } };
  });
}
