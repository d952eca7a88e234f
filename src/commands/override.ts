/** `/lockkeeper override`: break the glass. */

import type { Command } from "./command.ts";

export const override: Command = {
  name: "override",
  takes: "<why>",
  help: "lets this pull request through as it is now, past the sign-off rules; those may whom the configuration names, and an issue tells everybody",
  places: ["our-pull", "pull"],
  where: "a pull request",
  permission: "write",
  run: (_, words) => [{ type: "override-check", why: words }],
};
