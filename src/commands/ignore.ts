/** `/lockkeeper ignore`: hide what has drifted for a while. */

import { readDuration } from "../model/duration.ts";
import { inertSpan } from "../text/inert.ts";
import { type Command, usage } from "./command.ts";

export const ignore: Command = {
  name: "ignore",
  takes: "<duration>",
  help: "hides what has drifted by now until the duration (like 90s, 5m, 1h or 3d) is over; what drifts later is told of",
  places: ["drift"],
  where: "a drift issue that Lockkeeper opened",
  permission: "write",
  run: (place, words) => {
    if (place.type !== "drift") return [];
    if (readDuration(words) === undefined) {
      const markdown = `It is written ${inertSpan(usage(ignore))}: a duration of at most 30 days, like ${inertSpan("2h")}.`;
      return [{ type: "refuse", markdown }];
    }
    return [{ type: "settle-drift", path: place.path }];
  },
};
