/** What settling the drift of an app is given. */

import type { App } from "../../model/app.ts";
import type { Snapshot } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import type { Identity } from "../../ports/cluster.ts";
import type { Pause } from "../../rollout/pause.ts";
import type { DeployPlan } from "../deploy/deploy-plan.ts";

export interface DriftInput {
  readonly app: App;
  readonly plan: DeployPlan;
  /** The commit that was applied. */
  readonly snapshot: Snapshot;
  readonly forge: RepositoryForge;
  /** GitHub's address of the repository. */
  readonly webUrl: string;
  readonly as: Identity;
  readonly key: Uint8Array;
  /** While it lasts nothing is healed, and what people ask for waits. */
  readonly pause: Pause | null;
}
