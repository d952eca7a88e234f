/** `/lockkeeper heal`: bring an app that drifted back to what Git says, or one object of it. */

import type { Command } from "./command.ts";

export const heal: Command = {
  name: "heal",
  takes: "[object]",
  help: "applies the app again, or one object like Deployment/web, so that the cluster is as Git says",
  places: ["drift"],
  where: "a drift issue that Lockkeeper opened",
  permission: "write",
  run: (place) => (place.type === "drift" ? [{ type: "settle-drift", path: place.path }] : []),
};
