/** What the parts of mode gate know of an app. */

import type { App } from "../../model/app.ts";
import type { DeployInput } from "../deploy/deploy-input.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import type { Standing } from "../landing/standing.ts";

export interface Gate {
  readonly world: DeployWorld;
  readonly input: DeployInput;
  readonly app: App;
  readonly standing: Standing;
}
