/** Keeps the branch of an app in mode gate where it belongs, and says once when somebody else has moved it. */

import { type Result, ok } from "../../model/failure.ts";
import { rewrittenText } from "../../rollout/gate-report.ts";
import { keepIssue } from "../deploy/app-issue.ts";
import { isPassing } from "../deploy/deploy-failure.ts";
import type { DeployInput } from "../deploy/deploy-input.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";

export interface Held {
  /** The app's name. */
  readonly name: string;
  readonly branch: string;
  /** Where it is to be. */
  readonly sha: string;
  /** Where we may have put it; null where nothing is known of that. */
  readonly ours: readonly (string | null)[] | null;
}

/** Two requests where the branch is moved, one that GitHub may answer from its cache where it stays. */
export async function holdBranch(world: DeployWorld, input: DeployInput, held: Held): Promise<Result<void>> {
  const { branch, sha, ours } = held;
  const found = await input.forge.code.branch(branch);
  if (!found.ok && found.failure.code !== "not-found") return found;
  const tip = found.ok ? found.value : null;
  if (tip === sha) return ok(undefined);
  // The first time there is none; later somebody has deleted it.
  if (ours !== null && (tip === null ? ours[0] !== null : !ours.includes(tip))) {
    const said = await sayMoved(world, input, held, tip);
    if (!said.ok) return said;
  }
  const { code } = world.forge.open(input.key.repository, "gate");
  return code.moveBranch({ branch, expected: tip }, sha);
}

/** Said before it is put back: a crash in between says nothing twice, and one after it nothing less. */
async function sayMoved(
  world: DeployWorld,
  { forge, hash }: DeployInput,
  { name, branch, sha }: Held,
  tip: string | null,
): Promise<Result<void>> {
  const now = world.clock.now().toISOString();
  const moves = await forge.code.activity(branch, now);
  const move = moves.ok ? moves.value.find(({ after }) => tip === null || after === tip) : undefined;
  const by = move?.actor?.login ?? null;
  world.log.warn({ app: name, branch, tip, by }, "moved by somebody else: it is put back");
  const text = rewrittenText({ app: hash, name, branch, tip, sha, by });
  const sort = { marker: "rewritten", label: "lockkeeper", app: hash };
  const kept = await keepIssue(forge, world.memory.issues, sort, text);
  if (kept.ok || isPassing(kept.failure)) return kept.ok ? ok(undefined) : kept;
  // A repository without issues must not keep the branch from its place.
  world.log.warn({ app: name, code: kept.failure.code }, kept.failure.message);
  return ok(undefined);
}
