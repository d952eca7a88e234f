/** Reads back what people have accepted for an app. */

import { type Result, ok } from "../../model/failure.ts";
import type { LandingRecord } from "../../rollout/inventory.ts";
import { inertLine } from "../../text/inert.ts";
import { type Acceptance, acceptancesIn, readUnsigned } from "./acceptance-record.ts";
import type { DeployInput } from "../deploy/deploy-input.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import type { Stop } from "./landing-aside.ts";

/** The issues of one app that are looked through, newest first. */
const mostIssues = 5;

/** How a landing was accepted; null where it was not, or where a comment that it rests on is gone or was edited. */
export async function acceptedLanding(
  world: Pick<DeployWorld, "forge">,
  {
    hash,
    key,
    forge,
  }: Pick<DeployInput, "hash" | "forge"> & { readonly key: Pick<DeployInput["key"], "repository"> },
  { sha, parent }: Stop,
): Promise<Result<LandingRecord | null>> {
  const issues = await forge.issues.ours("lockkeeper");
  if (!issues.ok) return issues;
  const own = issues.value.filter(({ pull, body }) => {
    return !pull && readUnsigned(world, key.repository, body)?.app === hash;
  });
  for (const { number } of own.slice(0, mostIssues)) {
    const thread = await forge.issues.comments(number);
    if (!thread.ok) return thread;
    const given = acceptancesIn(world, key.repository, { app: hash, sha, parent }, thread.value);
    const last = given.findLast(({ enough }) => enough?.every((id) => given.some(({ by }) => by.id === id)));
    if (last !== undefined) return ok(recordOf(given, last));
  }
  return ok(null);
}

function recordOf(given: readonly Acceptance[], { sha, enough }: Acceptance): LandingRecord {
  const counting = given.filter(({ by }) => enough?.includes(by.id));
  const people = [...new Set(counting.map(({ by }) => by.login))].join(", ");
  const verdict = inertLine(`Accepted by ${people}: ${counting.map(({ why }) => why).join("; ")}`, 250);
  const decision = { accepted: counting.map(({ by, is, why }) => ({ ...by, is, why })) };
  return { sha, pull: null, head: null, mergedAt: null, verdict, at: null, decision };
}
