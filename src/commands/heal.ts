/** `/lockkeeper heal`: bring an app that drifted back to what Git says. */

import type { Command } from "./command.ts";

export const heal: Command = {
  name: "heal",
  help: "applies the app again, so that the cluster is as Git says",
  places: ["drift"],
  where: "a drift issue that Lockkeeper opened",
  permission: "write",
  run: (place) => (place.type === "drift" ? [{ type: "heal-app", path: place.path }] : []),
};
