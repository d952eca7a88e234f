/** What every step of judging a pull request is given. */

import type { Target } from "../config/config.ts";
import { type Result, ok } from "../model/failure.ts";
import type { Person } from "../model/pull.ts";
import type { RepositoryRef, Tip } from "../model/repository.ts";
import type { RepositoryForge } from "../ports/forge.ts";
import type { Threads } from "../ports/threads.ts";
import { type Policy, readPolicy } from "./check-policy.ts";
import type { World } from "./world.ts";

export interface Bench {
  readonly repository: RepositoryRef;
  readonly forge: RepositoryForge;
  /** The account as which the App acts. */
  readonly self: Person;
  readonly targets: readonly Target[];
  readonly threads: Threads;
  readonly policy: Exclude<Policy, { type: "absent" }>;
  /** People and freezes are judged as they are now. */
  readonly now: Date;
}

/** Reads the policy of the default branch at its tip; null where it has no configuration, so that nothing is judged. */
export async function openBench(
  world: World,
  { repository, forge }: Pick<Bench, "repository" | "forge">,
  base: Tip,
): Promise<Result<Bench | null>> {
  const { targets, threads } = world;
  const policy = await readPolicy(threads, forge.code, base);
  if (!policy.ok) return policy;
  if (policy.value.type === "absent") return ok(null);
  const self = await world.forge.self();
  if (!self.ok) return self;
  const now = world.clock.now();
  return ok({ repository, forge, self: self.value, targets, threads, policy: policy.value, now });
}
