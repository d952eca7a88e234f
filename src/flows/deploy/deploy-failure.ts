/** What a failure of the cluster means for a deployment. */

import type { Failure } from "../../model/failure.ts";
import type { RefusalCause } from "../../ports/cluster.ts";
import { isRecord } from "../../rollout/json-path.ts";

/** Failures that may be over in a moment; the others stay until somebody changes something. */
const passing = new Set(["unavailable", "timeout", "rate-limited", "cancelled", "unauthorized"]);

/** An object or namespace that moved or is being deleted is worth another look; fields that others hold are not. */
export function isPassing(failure: Failure): boolean {
  if (failure.code === "conflict") return refusalOf(failure).conflicts === undefined;
  return passing.has(failure.code);
}

/** What the API server said beside the code; empty where it was not the server that said no. */
export function refusalOf({ cause }: Failure): Partial<RefusalCause> {
  return isRecord(cause) && typeof cause["status"] === "number" ? cause : {};
}
