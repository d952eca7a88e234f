/** What a comment gets: the effects of its command, or a refusal that names in one sentence what is missing. */

import { reaches } from "../model/permission.ts";
import type { Permission } from "../model/pull.ts";
import { inertSpan } from "../text/inert.ts";
import { type Command, type Effect, type Place, usage } from "./command.ts";
import type { Parsed } from "./parse.ts";

export interface Asking {
  readonly login: string;
  readonly permission: Permission;
}

/** A comment that is for us. */
export type Given = Exclude<Parsed, { type: "none" }>;

export type Answer =
  | { readonly type: "run"; readonly effects: readonly Effect[] }
  /** `confused`: not understood; `-1`: understood and refused. */
  | { readonly type: "refuse"; readonly reaction: "-1" | "confused"; readonly markdown: string };

const places: Record<Place["type"], string> = {
  "our-pull": "a pull request that Lockkeeper opened",
  pull: "a pull request that Lockkeeper did not open",
  drift: "a drift issue",
  unsigned: "an issue about a commit that is not signed off",
  issue: "an issue",
  waiting: "a pull request that waits",
};

/** Decides what a comment gets, from where it stands and what its author may do now. */
export function answer(parsed: Given, place: Place, asking: Asking): Answer {
  if (parsed.type === "unclear") return { type: "refuse", reaction: "confused", markdown: parsed.markdown };
  const { command, words } = parsed;
  const missing = misplaced(command, place) ?? notAllowed(command, asking);
  if (missing !== null) return { type: "refuse", reaction: "-1", markdown: missing };
  return { type: "run", effects: command.run(place, words) };
}

function misplaced(command: Command, place: Place): string | null {
  if (command.places.includes(place.type)) return null;
  return `${inertSpan(usage(command))} works on ${command.where}; this is ${places[place.type]}.`;
}

function notAllowed(command: Command, { login, permission }: Asking): string | null {
  if (reaches(permission, command.permission)) return null;
  return `${inertSpan(usage(command))} needs ${command.permission} permission on this repository; ${inertSpan(login)} has ${permission}.`;
}
