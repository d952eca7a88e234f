/** What `/lockkeeper status` answers: the judgement of the check, made anew. */

import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import { treeLines } from "../../signoff/verdict-tree.ts";
import { inertBlock, inertProse } from "../../text/inert.ts";
import { treeOfPull } from "../check/pull-tree.ts";
import type { World } from "../world.ts";

/** Markdown blocks, the first of them one sentence; the second is what `lockkeeper why` prints. */
export async function statusOf(
  world: World,
  repository: RepositoryRef,
  number: number,
): Promise<Result<readonly string[]>> {
  const forge = world.forge.open(repository, "look");
  const tree = await treeOfPull(world, { repository, forge }, number);
  if (!tree.ok) return tree;
  const [title = "", ...lines] = treeLines(tree.value);
  if (lines.length === 0) return ok([inertProse(title)]);
  return ok([inertProse(title), inertBlock(lines.join("\n"), 20_000)]);
}
