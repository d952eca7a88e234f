/** `/lockkeeper status`: why a pull request waits. */

import type { Command } from "./command.ts";

export const status: Command = {
  name: "status",
  help: "says which sign-off rules apply, what each has and lacks, and who can give it",
  places: ["our-pull", "pull"],
  where: "a pull request",
  permission: "read",
  run: () => [{ type: "report-status" }],
};
