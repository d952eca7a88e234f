/** Who has let a pull request through past the rules, at one head, and whether that still counts. */

import { z } from "zod";
import { type Result, ok } from "../../model/failure.ts";
import type { Person, PullRequest } from "../../model/pull.ts";
import type { Override, Verdict } from "../../signoff/evaluate.ts";
import type { Change } from "../../signoff/facts.ts";
import type { Approver } from "../../signoff/rule.ts";
import type { Bench } from "./check-bench.ts";
import { matchesOf } from "./check-people.ts";
import { type Sort, readRecord } from "../sealed-record.ts";

const shape = z.object({
  pull: z.number(),
  head: z.string(),
  by: z.object({ id: z.number(), login: z.string() }),
  why: z.string(),
});

/** In a comment of ours on the pull request, for one head of it. */
export const overrideSort: Sort<z.infer<typeof shape>> = { kind: "override", shape };

const administrators: readonly Approver[] = [{ type: "permission", atLeast: "admin" }];

/**
 * Half a sentence why somebody may not, null where they may: as the configuration of the default branch says, and who they
 * are now. Changes of the configuration are for its owners alone.
 */
export async function mayNotOverride(
  { policy, forge }: Bench,
  person: Person,
  { configuration }: Pick<Change, "configuration">,
): Promise<Result<string | null>> {
  if (policy.type !== "rules" || policy.config.signoff.override.length === 0)
    return ok("the configuration names nobody who may (signoff.override)");
  const { override, owners } = policy.config.signoff;
  const named = await matchesOf(forge.people, person, override);
  if (!named.ok) return named;
  if (named.value.length === 0) return ok(`${person.login} is none of those whom signoff.override names`);
  if (!configuration) return ok(null);
  const owning = await matchesOf(forge.people, person, owners.length > 0 ? owners : administrators);
  if (!owning.ok) return owning;
  return ok(
    owning.value.length > 0 ? null : `it changes the configuration, which ${person.login} does not own`,
  );
}

/** The override that counts for the head as it is now. Asks nothing where the configuration names nobody who may. */
async function overrideOf(bench: Bench, pull: PullRequest, change: Change): Promise<Result<Override | null>> {
  const { policy, forge, repository } = bench;
  if (policy.type !== "rules" || policy.config.signoff.override.length === 0) return ok(null);
  const thread = await forge.issues.comments(pull.number);
  if (!thread.ok) return thread;
  for (const { ours, createdAt, updatedAt, body } of thread.value.toReversed()) {
    const record = ours && createdAt === updatedAt ? readRecord(bench, repository, overrideSort, body) : null;
    if (record === null || record.pull !== pull.number || record.head !== pull.headSha) continue;
    const refused = await mayNotOverride(bench, { ...record.by, bot: false }, change);
    if (!refused.ok) return refused;
    if (refused.value === null) return ok({ ...record.by, why: record.why });
  }
  return ok(null);
}

/** The verdict with the override that counts, if there is one. What the cluster side demands is not passed over. */
export async function pastRules(
  bench: Bench,
  pull: PullRequest,
  change: Change,
  verdict: Verdict,
): Promise<Result<Verdict>> {
  const floor = verdict.judged.filter(({ demand }) => demand.source === "target");
  const unmet = floor.some(({ lacks }) => lacks > 0) || (floor.length > 0 && verdict.unattributed.length > 0);
  if (verdict.satisfied || unmet) return ok(verdict);
  const override = await overrideOf(bench, pull, change);
  if (!override.ok) return override;
  return ok(override.value === null ? verdict : { ...verdict, satisfied: true, override: override.value });
}
