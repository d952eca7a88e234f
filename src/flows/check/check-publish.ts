/** Publishes a verdict as a check run, unless the newest one of the commit says the same already. */

import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import type { CheckReport, Checks } from "../../ports/checks.ts";
import type { World } from "../world.ts";

/** By repository, commit and check: the `externalId` of the newest run as this process knows it. Losing it costs one request. */
const newest = new WeakMap<World, Map<string, string>>();
const mostRemembered = 1000;

/**
 * Answers whether anything had to be written. The runs of the commit are listed before nothing is written and before the
 * first write; a verdict that differs from our own last one is new without asking.
 */
export async function publishReport(
  world: World,
  { id }: RepositoryRef,
  checks: Checks,
  report: CheckReport,
): Promise<Result<boolean>> {
  const memory = newest.get(world) ?? new Map<string, string>();
  newest.set(world, memory);
  const key = `${id} ${report.sha} ${report.name}`;
  const last = memory.get(key);
  // Whatever happens to the write below, what is newest is not known until it is answered.
  memory.delete(key);
  if (last === undefined || last === report.externalId) {
    const existing = await checks.list(report.sha, report.name);
    if (!existing.ok) return existing;
    if (existing.value[0]?.externalId === report.externalId) {
      remember(memory, key, report.externalId);
      return ok(false);
    }
  }
  const created = await checks.create(report);
  if (!created.ok) return created;
  remember(memory, key, report.externalId);
  return ok(true);
}

function remember(memory: Map<string, string>, key: string, externalId: string): void {
  memory.set(key, externalId);
  for (const oldest of memory.keys()) {
    if (memory.size <= mostRemembered) return;
    memory.delete(oldest);
  }
}
