/** Whom CODEOWNERS names for files of an app, so that they hear of its drift. */

import type { Snapshot } from "../../model/repository.ts";
import type { Threads } from "../../ports/threads.ts";
import { codeownersPaths, maximumCodeownersBytes } from "../../signoff/codeowners.ts";
import { readOwners } from "../check/check-owners.ts";

const mostFiles = 20;
const mostOwners = 10;

/** `ada`, `acme/sre`, each once; nobody where there is no list, or none that GitHub would load. */
export async function ownersOfFiles(
  threads: Threads,
  { files, skipped }: Snapshot,
  paths: readonly string[],
): Promise<readonly string[]> {
  const place = codeownersPaths.find((path) => files.has(path) || skipped.has(path));
  const bytes = place === undefined ? undefined : files.get(place);
  if (bytes === undefined || bytes.length > maximumCodeownersBytes) return [];
  const asked = [...new Set(paths)].slice(0, mostFiles);
  const read = await threads.first(readOwners, { bytes, paths: asked });
  if (!read.ok) return [];
  const names = read.value.flatMap(({ owners }) =>
    owners.flatMap((owner) => {
      if (owner.type === "team") return [owner.team];
      return owner.type === "user" ? [owner.login] : [];
    }),
  );
  return [...new Set(names)].slice(0, mostOwners);
}
