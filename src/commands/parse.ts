/** From the text of a comment to the command that it gives, if it gives one. */

import { inertSpan } from "../text/inert.ts";
import { closest } from "../text/closest.ts";
import { type Command, usage } from "./command.ts";
import { commands } from "./commands.ts";

/** No command is longer; what is longer is not read at all. */
const maximumLength = 200;
const line = /^\/lockkeeper(?:[ \t]+(\S.*?))?[ \t]*$/;

/**
 * - `none`: the comment is not for us.
 * - `command`: a known command.
 * - `unclear`: for us, but not understood; `markdown` is a sentence that says what would be.
 */
export type Parsed =
  | { readonly type: "none" }
  | { readonly type: "command"; readonly command: Command; readonly words: string }
  | { readonly type: "unclear"; readonly markdown: string };

/**
 * A command stands alone on the first line, from its first character on: not in a quote, not in code, not after a word of
 * greeting. What follows on further lines is for people.
 */
export function parseCommand(body: string): Parsed {
  const first = (body.split(/\r?\n/, 1)[0] ?? "").slice(0, maximumLength);
  const found = line.exec(first);
  if (found === null) return { type: "none" };
  const typed = found[1] ?? "help";
  const [name = ""] = typed.split(/[ \t]/, 1);
  const words = typed.slice(name.length).trim();
  const command = commands.find((known) => known.name === name.toLowerCase());
  if (command === undefined) return { type: "unclear", markdown: unknown(name) };
  if (words !== "" && command.takes === undefined)
    return { type: "unclear", markdown: `${inertSpan(usage(command))} takes nothing after it.` };
  return { type: "command", command, words };
}

/** Whether a comment is worth a look: the cheap question that is asked of every recent comment. */
export function isCommand(body: string): boolean {
  return parseCommand(body).type !== "none";
}

function unknown(name: string): string {
  const near = closest(
    name,
    commands.map((command) => command.name),
  );
  const asked = `There is no command ${inertSpan(name, 40)}`;
  const known = commands.map(({ name }) => inertSpan(name)).join(", ");
  return near === undefined
    ? `${asked}; known are ${known}.`
    : `${asked}; did you mean ${inertSpan(`/lockkeeper ${near}`)}?`;
}
