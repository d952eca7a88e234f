/** `/lockkeeper accept`: let a landing into the cluster that nothing has signed off. */

import type { Command } from "./command.ts";

export const accept: Command = {
  name: "accept",
  takes: "<commit> <why>",
  help: "lets a commit that nobody has signed off into the cluster, once as many have accepted it as the sign-off rules ask for",
  places: ["unsigned"],
  where: "an issue that says that a commit is not signed off",
  permission: "write",
  run: (place, words) => {
    if (place.type !== "unsigned") return [];
    const [commit = "", ...rest] = words.split(/\s+/);
    return [{ type: "accept-landing", landing: place.landing, commit, why: rest.join(" ") }];
  },
};
