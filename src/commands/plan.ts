/** `/lockkeeper plan`: tell anew what merging would do to the cluster. */

import type { Command } from "./command.ts";

export const plan: Command = {
  name: "plan",
  help: "tells anew what merging this pull request would do to the cluster",
  places: ["our-pull", "pull"],
  where: "a pull request",
  permission: "write",
  run: () => [{ type: "plan-merge" }],
};
