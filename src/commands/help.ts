/** `/lockkeeper help`: the table of commands. */

import { inertSpan } from "../text/inert.ts";
import { table } from "../text/markdown.ts";
import { type Command, anywhere, usage } from "./command.ts";

/** The command over the others; it lists itself too. */
export function helpOver(others: readonly Command[]): Command {
  const help: Command = {
    name: "help",
    help: "shows this table",
    places: anywhere,
    where: "any issue or pull request",
    permission: "read",
    run: () => [{ type: "reply", markdown: helpText([...others, help]) }],
  };
  return help;
}

function helpText(commands: readonly Command[]): string {
  const rows = commands.map((command) => [
    inertSpan(usage(command)),
    command.help,
    command.where,
    command.permission,
  ]);
  return `${table(["Command", "What it does", "Where", "Needs"], rows)}\n\nA command stands alone on the first line of a new comment.`;
}
