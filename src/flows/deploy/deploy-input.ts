/** What the parts of the deploy flow know of an app before anything of it is read. */

import type { Target } from "../../config/config.ts";
import type { Key } from "../../model/key.ts";
import type { Head } from "../../model/repository.ts";
import type { Identity } from "../../ports/cluster.ts";
import type { RepositoryForge } from "../../ports/forge.ts";

export type DeployKey = Extract<Key, { flow: "deploy" }>;

export interface DeployInput {
  /** The app's hash. */
  readonly hash: string;
  readonly key: DeployKey;
  /** Of every digest and desired hash. */
  readonly digestKey: Uint8Array;
  readonly forge: RepositoryForge;
  readonly head: Head;
  readonly target: Target;
}

/** As whom the target has us write. */
export function identityOf({ serviceAccount }: Target): Identity {
  return serviceAccount === "self" ? "self" : { serviceAccount };
}
