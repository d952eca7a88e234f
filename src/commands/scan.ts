/** `/lockkeeper scan`: look for new images now. */

import { type Command, anywhere } from "./command.ts";

export const scan: Command = {
  name: "scan",
  help: "looks for new images now instead of at the next scheduled time",
  places: anywhere,
  where: "any issue or pull request",
  permission: "write",
  run: () => [{ type: "scan" }],
};
