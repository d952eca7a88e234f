/** A box of the dashboard: open a pull request now that waits for the limit or for opening hours. */

import type { Command } from "./command.ts";

/** Not to be typed: only the dashboard names what waits. */
export const openWaiting: Command = {
  name: "open",
  help: "opens a pull request now that waits for others to be closed or for opening hours",
  places: ["waiting"],
  where: "the dashboard",
  permission: "write",
  run: (place) => (place.type === "waiting" ? [{ type: "open-waiting", branch: place.branch }] : []),
};
