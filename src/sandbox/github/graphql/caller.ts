/** Who asks a GraphQL question, and where. */

import type { Actor } from "../actor.ts";
import type { Hub } from "../hub.ts";

export interface Caller {
  readonly hub: Hub;
  readonly actor: Actor;
}
