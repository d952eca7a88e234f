/** `/lockkeeper unpause`: go on with an app that was paused. */

import { inertSpan } from "../text/inert.ts";
import { type Command, anywhere, usage } from "./command.ts";

export const unpause: Command = {
  name: "unpause",
  takes: "<app>",
  help: "goes on with an app that was paused",
  places: anywhere,
  where: "any issue or pull request",
  permission: "write",
  run: (_, words) => {
    if (!/^\S+$/.test(words)) {
      return [{ type: "refuse", markdown: `It is written ${inertSpan(usage(unpause))}.` }];
    }
    return [{ type: "pause-app", app: words, seconds: 0, why: "" }];
  },
};
