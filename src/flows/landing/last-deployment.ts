/** What the deployments that our App has recorded say of one app. */

import { type Result, ok } from "../../model/failure.ts";
import type { DeploymentState, RepositoryForge } from "../../ports/forge.ts";
import { isRecord } from "../../rollout/json-path.ts";

export interface LastDeployment {
  readonly sha: string;
  readonly state: DeploymentState;
  readonly description: string;
}

/** The newest one, and the commit of the newest that came to a good end; null where there is none. */
export async function lastDeployments(
  { deployments }: Pick<RepositoryForge, "deployments">,
  name: string,
  app: string,
): Promise<Result<{ readonly newest: LastDeployment | null; readonly healthy: string | null }>> {
  const listed = await deployments.list({ task: `lockkeeper:${name}` });
  if (!listed.ok) return listed;
  let newest: LastDeployment | null = null;
  for (const { id, sha, payload } of listed.value) {
    if (!isRecord(payload) || payload["app"] !== app) continue;
    const statuses = await deployments.statuses(id);
    if (!statuses.ok) return statuses;
    const { state = "queued", description = "" } = statuses.value[0] ?? {};
    newest ??= { sha, state, description };
    if (statuses.value.some((status) => status.state === "success")) return ok({ newest, healthy: sha });
  }
  return ok({ newest, healthy: null });
}
