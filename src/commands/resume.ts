/** `/lockkeeper resume`: take a no to a version back. */

import type { Command } from "./command.ts";

export const resume: Command = {
  name: "resume",
  help: "proposes the versions of this closed or reverted pull request again",
  places: ["our-pull"],
  where: "a pull request that Lockkeeper opened",
  permission: "write",
  run: () => [{ type: "resume-pull" }],
};
