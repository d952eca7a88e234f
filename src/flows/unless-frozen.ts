/** A refusal is no failure where the repository is archived by now: nothing can be written there, and nobody told. */

import { type Result, ok } from "../model/failure.ts";
import type { RepositoryRef } from "../model/repository.ts";
import type { World } from "./world.ts";

/** What a flow came to. Trying again is useless as long as the repository is archived; the next event or resync looks anew. */
export async function unlessFrozen(
  { forge, log }: Pick<World, "forge" | "log">,
  repository: RepositoryRef,
  done: Result<void>,
): Promise<Result<void>> {
  if (done.ok || done.failure.code !== "forbidden") return done;
  const head = await forge.open(repository, "scan").code.head();
  if (!head.ok || !head.value.frozen) return done;
  log.info({ repository: repository.id }, "left alone: the repository is archived");
  return ok(undefined);
}
