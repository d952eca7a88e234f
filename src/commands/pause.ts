/** `/lockkeeper pause`: leave an app as it is for a while. */

import { readDuration } from "../model/duration.ts";
import { inertSpan } from "../text/inert.ts";
import { type Command, anywhere, usage } from "./command.ts";

const longestWhy = 200;

export const pause: Command = {
  name: "pause",
  takes: "<app> <duration> <why>",
  help: "applies and heals nothing of an app until the duration (like 90s, 5m, 1h or 3d) is over",
  places: anywhere,
  where: "any issue or pull request",
  permission: "write",
  run: (_, words) => {
    const [app = "", length = "", ...why] = words.split(/\s+/);
    const seconds = readDuration(length);
    if (seconds === undefined || why.length === 0) {
      const markdown = `It is written ${inertSpan(usage(pause))}: a duration of at most 30 days, like ${inertSpan("2h")}, and the reason.`;
      return [{ type: "refuse", markdown }];
    }
    return [{ type: "pause-app", app, seconds, why: why.join(" ").slice(0, longestWhy) }];
  },
};
