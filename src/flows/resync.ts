/** Puts every repository on the queue again, so that whatever event was lost costs only time. */

import { type Result, ok } from "../model/failure.ts";
import type { Key } from "../model/key.ts";
import type { World } from "./world.ts";

type Flow = "scan" | "apps" | "pulls" | "comments" | "dashboard";

const everything: readonly Flow[] = ["apps", "pulls", "comments", "scan", "dashboard"];

/** One key per repository and flow; `only` limits it to one flow. Fails as listing the repositories fails. */
export async function resync(
  { forge, queue }: Pick<World, "forge" | "queue">,
  only?: Flow,
): Promise<Result<void>> {
  const repositories = await forge.repositories();
  if (!repositories.ok) return repositories;
  const flows = only === undefined ? everything : [only];
  const keys = repositories.value.flatMap((repository) =>
    flows.map((flow) => ({ flow, repository }) satisfies Key),
  );
  for (const key of keys) queue.add(key);
  return ok(undefined);
}
