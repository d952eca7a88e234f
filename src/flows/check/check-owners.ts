/** Who owns the changed files: by CODEOWNERS of the default branch, at the commit that the rules are read from. */

import { type Result, ok } from "../../model/failure.ts";
import type { Task } from "../../ports/threads.ts";
import {
  type Codeowners,
  codeownersPaths,
  maximumCodeownersBytes,
  ownersOf,
  parseCodeowners,
} from "../../signoff/codeowners.ts";
import { asksCodeowners } from "../../signoff/demand.ts";
import type { OwnedFile } from "../../signoff/facts.ts";
import type { Bench } from "./check-bench.ts";

interface OwnersInput {
  readonly bytes: Uint8Array;
  readonly paths: readonly string[];
}

/** Whole files of tens of thousands of lines are read within some ten milliseconds; smaller ones need no thread. */
const smallBytes = 64 * 1024;

export const readOwners: Task<OwnersInput, readonly OwnedFile[]> = {
  module: import.meta.url,
  name: "readOwners",
  isSmall: ({ bytes, paths }) => bytes.length * paths.length <= smallBytes,
  run: ({ bytes, paths }) => [ownersOf(parse(bytes), paths)],
};

function parse(bytes: Uint8Array): Codeowners {
  return parseCodeowners(new TextDecoder().decode(bytes));
}

/** Null where no rule asks code owners; nobody owns anything where there is no file, or one that GitHub would not load. */
export async function ownedFiles(
  { policy, forge, threads }: Bench,
  paths: readonly string[],
): Promise<Result<readonly OwnedFile[] | null>> {
  if (policy.type !== "rules" || !asksCodeowners(policy.config.signoff)) return ok(null);
  const base = await forge.code.snapshot(policy.base.sha);
  if (!base.ok) return base;
  const { files, skipped } = base.value;
  const place = codeownersPaths.find((path) => files.has(path) || skipped.has(path));
  const bytes = place === undefined ? undefined : files.get(place);
  if (bytes === undefined || bytes.length > maximumCodeownersBytes) return ok([]);
  return threads.first(readOwners, { bytes, paths });
}
