/** What kinds of change a pull request holds, told from its content and from nobody's word. */

import { type Result, ok } from "../model/failure.ts";
import type { Comparison } from "../model/pull.ts";
import type { ChangeKind } from "../model/update.ts";
import type { ImageMove } from "../signoff/change.ts";
import { chooseTag } from "../tags/choose-tag.ts";
import type { Bench } from "./check-bench.ts";
import { readImageMoves } from "./check-identity.ts";

/** Empty where no rule asks for kinds: then the files need not be read. */
export async function readKinds(
  bench: Bench,
  comparison: Comparison,
  sha: string,
): Promise<Result<readonly ChangeKind[]>> {
  const { policy } = bench;
  const asked = policy.type === "rules" && policy.config.signoff.rules.some((rule) => rule.when.kinds);
  if (!asked) return ok([]);
  const moves = await readImageMoves(bench, comparison, sha);
  if (!moves.ok) return moves;
  return ok(moves.value === null ? ["other"] : [...new Set(moves.value.map(kindOf))]);
}

/** To an older version is `other`: only a commit that was signed and healthy makes a rollback. */
export function kindOf({ from, to }: ImageMove): ChangeKind {
  if (from.tag === to.tag) return "digest";
  if (from.tag === null || to.tag === null) return "tag";
  const choice = chooseTag({ current: from.tag, tags: [to.tag] });
  if (!choice.ok) return "tag";
  const verdict = choice.value.candidates.find(({ tag }) => tag === to.tag)?.verdict;
  return verdict === "older" ? "other" : (choice.value.kind ?? "tag");
}
