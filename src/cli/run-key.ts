/** Which flow works on which key. */

import { findApps } from "../flows/apps.ts";
import { check } from "../flows/check.ts";
import { command } from "../flows/command.ts";
import { comments } from "../flows/comments.ts";
import { deploy } from "../flows/deploy.ts";
import { pulls } from "../flows/pulls.ts";
import { resync } from "../flows/resync.ts";
import { scan } from "../flows/scan.ts";
import { type Result, ok } from "../model/failure.ts";
import type { Key } from "../model/key.ts";
import type { OpenedWorld } from "./create-world.ts";

/** Runs the flow of a key once. Where there is no cluster, nothing is deployed. */
export function runKey({ world, deploy: deployWorld }: OpenedWorld, key: Key): Promise<Result<void>> {
  switch (key.flow) {
    case "scan":
      return scan(world, key.repository);
    case "check":
      return check(world, key);
    case "command":
      return command(world, key);
    case "apps":
      return findApps(world, key);
    case "deploy":
      return deployWorld === null ? Promise.resolve(ok(undefined)) : deploy(deployWorld, key);
    case "pulls":
      return pulls(world, key);
    case "comments":
      return comments(world, key);
    case "scans":
      return resync(world, "scan");
    case "resync":
      return resync(world);
  }
}
