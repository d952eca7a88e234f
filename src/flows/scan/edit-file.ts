/** The edit of one file, in a thread where the file is large: it is parsed before and after. */

import { type ImageEdit, splice } from "../../manifests/splice.ts";
import { type Result, fail } from "../../model/failure.ts";
import type { Task, Threads } from "../../ports/threads.ts";

interface EditInput {
  readonly bytes: Uint8Array;
  readonly edits: readonly ImageEdit[];
}

/** A text of so many bytes is parsed within some milliseconds, whatever it says. */
const smallBytes = 8 * 1024;

export const spliceFile: Task<EditInput, Result<Uint8Array>> = {
  module: import.meta.url,
  name: "spliceFile",
  isSmall: ({ bytes }) => bytes.length <= smallBytes,
  run: ({ bytes, edits }) => [splice(bytes, edits)],
};

/** As `splice`; `timeout` and `too-large` with the file's name where it was cut off. */
export async function editFile(
  threads: Threads,
  file: string,
  input: EditInput,
): Promise<Result<Uint8Array>> {
  const edited = await threads.first(spliceFile, input);
  return edited.ok
    ? edited.value
    : fail(edited.failure.code, `${file}: editing it ${edited.failure.message}`);
}
