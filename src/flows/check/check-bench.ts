/** What every step of judging a pull request is given. */

import type { Target } from "../../config/config.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Person } from "../../model/pull.ts";
import type { RepositoryRef, Tip } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import type { Threads } from "../../ports/threads.ts";
import { askedOnce } from "./check-people.ts";
import { type Policy, readPolicy } from "../policy.ts";
import { isTiedTo } from "../deploy/repository-pins.ts";
import type { World } from "../world.ts";

export interface Bench {
  readonly repository: RepositoryRef;
  readonly forge: RepositoryForge;
  /** The account as which the App acts. */
  readonly self: Person;
  /** Of this repository, told by its id where a target was tied to one. */
  readonly targets: readonly Target[];
  readonly threads: Threads;
  readonly policy: Exclude<Policy, { type: "absent" }>;
  /** People and freezes are judged as they are now. */
  readonly now: Date;
  /** As the forge's. */
  seal(text: string): string;
}

type BenchWorld = Pick<World, "forge" | "targets" | "repositoryIds" | "threads" | "clock">;

/** Reads the policy of the default branch at its tip; null where it has no configuration, so that nothing is judged. */
export async function openBench(
  world: BenchWorld,
  { repository, forge }: Pick<Bench, "repository" | "forge">,
  base: Tip,
): Promise<Result<Bench | null>> {
  const { threads } = world;
  const policy = await readPolicy(threads, forge.code, base);
  if (!policy.ok) return policy;
  if (policy.value.type === "absent") return ok(null);
  const self = await world.forge.self();
  if (!self.ok) return self;
  const targets = await targetsOf(world, repository);
  if (!targets.ok) return targets;
  return ok({
    repository,
    forge: { ...forge, people: askedOnce(forge.people) },
    self: self.value,
    targets: targets.value,
    threads,
    policy: policy.value,
    now: world.clock.now(),
    seal: (text) => world.forge.seal(text),
  });
}

/** The cluster is asked only where a target demands anything: without it that could be evaded by another name. */
async function targetsOf(
  { targets, repositoryIds }: BenchWorld,
  repository: RepositoryRef,
): Promise<Result<readonly Target[]>> {
  const demanding = targets.filter(({ floor }) => floor !== null);
  const ids = demanding.length === 0 ? undefined : await repositoryIds?.();
  if (ids?.ok === false) return ids;
  return ok(demanding.filter((target) => isTiedTo(target, repository, ids?.value(target))));
}
