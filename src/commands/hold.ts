/** `/lockkeeper hold`: say no to a version. */

import type { Command } from "./command.ts";

/** A version has a digit in it, so that `hold breaks the login` gives a reason and no version. */
const version = /^(?=[^ ]*\d)[\w][\w.+-]{0,127}$/;

export const hold: Command = {
  name: "hold",
  takes: "[version] [why]",
  help: "closes this pull request, and does not propose its versions again, only later ones; with a version only that one is held",
  places: ["our-pull"],
  where: "a pull request that Lockkeeper opened",
  permission: "write",
  run: (_, words) => {
    const [first = "", ...rest] = words.split(/\s+/);
    const named = version.test(first);
    const why = named ? rest.join(" ") : words;
    return [{ type: "hold-pull", version: named ? first : null, why: why === "" ? null : why }];
  },
};
