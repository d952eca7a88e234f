/** What kinds of change a pull request holds, told from its content and from nobody's word. */

import { appsOf, innermostApp } from "../../config/apps.ts";
import { type Result, ok } from "../../model/failure.ts";
import { parseImageReference } from "../../model/image.ts";
import type { Comparison } from "../../model/pull.ts";
import type { ChangeKind, Occurrence } from "../../model/update.ts";
import { policyFor } from "../../plan/image-rule.ts";
import type { ImageMove } from "../../signoff/change.ts";
import { changeKind } from "../../tags/change-kind.ts";
import { type ImagePolicy, newestVersion } from "../../tags/policy.ts";
import type { Bench } from "./check-bench.ts";
import { readImageMoves } from "./check-identity.ts";
import type { Policy } from "../policy.ts";
import { isRollback } from "./check-rollback.ts";
import { findImages } from "../scan/find-images.ts";

/** Empty where neither a rule nor the caller asks for kinds: then the files need not be read. */
export async function readKinds(
  bench: Bench,
  comparison: Comparison,
  { sha, asked }: { readonly sha: string; readonly asked: boolean },
): Promise<Result<readonly ChangeKind[]>> {
  const { policy, forge, threads } = bench;
  if (policy.type !== "rules") return ok([]);
  if (!asked && !policy.config.signoff.rules.some((rule) => rule.when.kinds)) return ok([]);
  const byRollback = policy.config.signoff.rules.some(({ when }) => when.kinds?.includes("rollback"));
  const back = byRollback ? await isRollback(bench, comparison, sha) : ok(false);
  if (!back.ok) return back;
  if (back.value) return ok(["rollback"]);
  const moves = await readImageMoves(bench, comparison, sha);
  if (!moves.ok) return moves;
  if (moves.value === null) return ok(["other"]);
  const base = await forge.code.snapshot(policy.base.sha);
  if (!base.ok) return base;
  const moved = new Set(moves.value.map(({ file }) => file));
  const places = new Map<string, readonly Occurrence[]>();
  const surroundings = { files: base.value.files, kinds: policy.config.shapes };
  const read = await findImages(
    { threads, surroundings, isWanted: (file) => moved.has(file) },
    (file, { occurrences }) => void places.set(file, occurrences),
  );
  if (!read.ok) return read;
  const followed = policiesAt(policy, places);
  const kinds = moves.value.map((move) => changeKind(move.from, move.to, followed(move)));
  return ok([...new Set(kinds)]);
}

/**
 * The policy that an image follows at the place of a move. `places` are those of the default branch as it is now, like the
 * configuration: neither the pull request nor an old commit that it starts from has a say in what other tools' settings are.
 */
function policiesAt(
  { config, paths }: Extract<Policy, { type: "rules" }>,
  places: ReadonlyMap<string, readonly Occurrence[]>,
): (move: ImageMove) => ImagePolicy {
  const apps = appsOf(config, paths);
  return ({ file, path, image: written }) => {
    const image = parseImageReference(written);
    if (!image.ok) return newestVersion;
    const place = places.get(file)?.find((one) => one.path === path && one.image === written);
    const about = { image: image.value, statement: place?.statement };
    return policyFor(config.images, about, innermostApp(apps, file)?.environment ?? null).policy;
  };
}
