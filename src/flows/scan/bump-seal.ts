/** Seals what our pull requests say that they move: people may edit their texts, and nothing of theirs is built as ours. */

import type { RepositoryRef } from "../../model/repository.ts";
import { type BumpRecord, sealText } from "../../plan/bump-marker.ts";
import type { World } from "../world.ts";

export function sealOf(
  { world, repository }: { readonly world: Pick<World, "forge">; readonly repository: RepositoryRef },
  branch: string,
  bumps: readonly BumpRecord[],
): string {
  return world.forge.seal(sealText(repository.id, branch, bumps));
}
