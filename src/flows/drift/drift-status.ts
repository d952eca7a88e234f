/** Says of an app's newest deployment that the cluster has left it, and that it is there again. */

import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import type { Inventory } from "../../rollout/inventory.ts";

const prefix = "drift: ";

/**
 * `text` null: there is none any more. Only what was well is said to have drifted, and only that is said to be well again: a
 * deployment that failed or is on its way tells of something else.
 */
export async function tellDeployment(
  { deployments }: RepositoryForge,
  { app, name }: Pick<Inventory, "app" | "name">,
  text: string | null,
): Promise<Result<void>> {
  const listed = await deployments.list({ task: `lockkeeper:${name}` });
  if (!listed.ok) return listed;
  const newest = listed.value.find(({ payload }) => payload["app"] === app);
  if (newest === undefined) return ok(undefined);
  const statuses = await deployments.statuses(newest.id);
  if (!statuses.ok) return statuses;
  const [status] = statuses.value;
  if (text !== null && status?.state === "success")
    return deployments.addStatus(newest.id, { state: "failure", description: `${prefix}${text}` });
  if (text === null && status?.state === "failure" && status.description.startsWith(prefix))
    return deployments.addStatus(newest.id, { state: "success", description: "as Git says again" });
  return ok(undefined);
}
