/** `/lockkeeper discard-edits`: build a pull request of ours anew without the commits of others. */

import type { Command } from "./command.ts";

export const discardEdits: Command = {
  name: "discard-edits",
  help: "builds this pull request anew on the default branch and drops what others have pushed to it",
  places: ["our-pull"],
  where: "a pull request that Lockkeeper opened",
  permission: "write",
  run: () => [{ type: "rebuild-pull", discard: true }],
};
