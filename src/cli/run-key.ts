/** Which flow works on which key. */

import { check } from "../flows/check.ts";
import { command } from "../flows/command.ts";
import { comments } from "../flows/comments.ts";
import { pulls } from "../flows/pulls.ts";
import { resync } from "../flows/resync.ts";
import { type Result, ok } from "../model/failure.ts";
import type { Key } from "../model/key.ts";
import type { OpenedWorld } from "./create-world.ts";

/** Runs the flow of a key once. Where there is no cluster, nothing is deployed. */
export function runKey({ world }: OpenedWorld, key: Key): Promise<Result<void>> {
  switch (key.flow) {
    case "check":
      return check(world, key);
    case "command":
      return command(world, key);
    case "pulls":
      return pulls(world, key);
    case "comments":
      return comments(world, key);
    case "scans":
      return resync(world, "scan");
    case "resync":
      return resync(world);
    default:
      return Promise.resolve(ok(undefined));
  }
}
