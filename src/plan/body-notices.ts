/** What is written above the body of a pull request of ours when something has become of it. */

import { inertProse, inertSpan } from "../text/inert.ts";
import { fitBlocks } from "../text/markdown.ts";
import { type BumpMarker, type BumpRecord, goesOn, makeBumpMarker, readBumpMarker } from "./bump-marker.ts";

/**
 * Of a branch that somebody else has pushed to; `tip` is the commit at its tip, `continued` the pull request in its place. Of
 * its own answer it makes the same again.
 */
export function editedBody(body: string, tip: string, continued?: number): string {
  const rest = body.split("\n").filter((line) => !line.startsWith(edited));
  const place =
    continued === undefined
      ? ""
      : ` The default branch has changed its lines since: it goes on in #${continued}.`;
  const notice = `${edited}, so Lockkeeper leaves it alone. \`/lockkeeper discard-edits\` builds it anew, without those commits.${place}`;
  return noticed(rest.join("\n").trim(), notice, { ...goesOn, edited: tip, continued });
}

const edited = "> Somebody else has pushed to this branch";

/** Of one that we close: the reason, and the note that it was us, so that it makes no hold. */
export function closedBody(body: string, reason: string): string {
  return noticed(body, `> Closed by Lockkeeper: ${inertProse(reason)}`, { closed: true });
}

/** Of one that somebody has closed by command; only these versions are held. */
export function heldBody(
  body: string,
  by: string,
  { why, bumps }: { readonly why: string | null; readonly bumps: readonly BumpRecord[] },
): string {
  const reason = why === null ? "." : `: ${inertProse(why)}`;
  return noticed(body, `${heldNotice(by)}${reason}`, {
    bumps: [...bumps],
    before: undefined,
    continued: undefined,
  });
}

function heldNotice(by: string): string {
  return `> Held by ${inertSpan(by)}`;
}

/** Whether the body says already that somebody holds its versions, or wants them again: the answer to a write may get lost. */
export function saysAlready(body: string, what: "held" | "resumed", by: string): boolean {
  const notice = what === "held" ? heldNotice(by) : resumedNotice(by);
  return body.startsWith(notice) && readBumpMarker(body) !== undefined;
}

/** Of a closed one whose versions are wanted again. */
export function resumedBody(body: string, by: string): string {
  return noticed(body, resumedNotice(by), { resumed: true });
}

function resumedNotice(by: string): string {
  return `> ${inertSpan(by)} wants these versions proposed again.`;
}

/** A marker that a person has broken stays away. */
function noticed(body: string, notice: string, change: Partial<BumpMarker>): string {
  const marker = readBumpMarker(body);
  const ending = marker === undefined ? "" : makeBumpMarker({ ...marker, ...change });
  return fitBlocks([notice, withoutMarker(body)], ending);
}

function withoutMarker(body: string): string {
  return body
    .split(/\r?\n/)
    .filter((line) => !line.trim().startsWith("<!-- lockkeeper:"))
    .join("\n")
    .trim();
}
