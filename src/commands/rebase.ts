/** `/lockkeeper rebase`: build a pull request of ours anew. */

import type { Command } from "./command.ts";

export const rebase: Command = {
  name: "rebase",
  help: "builds this pull request anew on the default branch",
  places: ["our-pull"],
  where: "a pull request that Lockkeeper opened",
  permission: "write",
  run: () => [{ type: "rebuild-pull", discard: false }],
};
