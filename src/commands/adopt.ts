/** `/lockkeeper adopt`: write into Git what the cluster has. */

import type { Command } from "./command.ts";

export const adopt: Command = {
  name: "adopt",
  takes: "[object]",
  help: "opens a pull request that writes what has drifted, or one object like Deployment/web, into Git as it is in the cluster",
  places: ["drift"],
  where: "a drift issue that Lockkeeper opened",
  permission: "write",
  run: (place) => (place.type === "drift" ? [{ type: "settle-drift", path: place.path }] : []),
};
