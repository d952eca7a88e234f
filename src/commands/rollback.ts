/** `/lockkeeper rollback`: take a merged pull request back. */

import type { Command } from "./command.ts";

export const rollback: Command = {
  name: "rollback",
  takes: "[why]",
  help: "opens a pull request that takes back what this merged one has changed, and nothing else",
  places: ["our-pull", "pull"],
  where: "a merged pull request",
  permission: "write",
  run: (_, words) => [{ type: "take-back", why: words }],
};
