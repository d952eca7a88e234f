/** Reads from a commit what an app is. */

import { appsOf } from "../../config/apps.ts";
import type { App } from "../../model/app.ts";
import type { Snapshot } from "../../model/repository.ts";
import type { Threads } from "../../ports/threads.ts";
import { configOf } from "../policy.ts";

/** All apps of a commit; none where there is no configuration that can be read (its own check says what is wrong). */
export async function appsIn(threads: Threads, snapshot: Snapshot): Promise<readonly App[]> {
  const found = await configOf(threads, snapshot);
  return found !== null && "config" in found ? appsOf(found.config, snapshot.files.keys()) : [];
}
