/** What people read about an app in mode gate: that somebody else has moved its branch, and how its engine sees it. */

import { inertLine, inertSpan } from "../text/inert.ts";
import { makeMarker } from "../text/marker.ts";

export interface Rewritten {
  readonly app: string;
  readonly name: string;
  readonly branch: string;
  /** Where it was found; null where it was deleted. */
  readonly tip: string | null;
  /** Where it belongs. */
  readonly sha: string;
  /** Login of who did it; null where GitHub does not tell. */
  readonly by: string | null;
}

export function rewrittenText({ app, name, branch, tip, sha, by }: Rewritten): {
  readonly title: string;
  readonly body: string;
} {
  const who = by === null ? "Somebody" : inertSpan(by);
  const did = tip === null ? "deleted" : "moved";
  const where = tip === null ? "" : ` to ${inertSpan(tip.slice(0, 7))}`;
  const body = [
    `${who} has ${did} ${inertSpan(branch)}${where}. What was not signed off goes no way into a cluster, so that it is put back to ${inertSpan(sha.slice(0, 7))}, the newest commit of ${inertSpan(name)} that was.`,
    "Nothing else is to be done, and the issue can be closed. A ruleset that lets only this App push to `lockkeeper/live/**` keeps it from happening again.",
    makeMarker("rewritten", { app }),
  ].join("\n\n");
  return {
    title: inertLine(`${name}: ${branch} was ${did} by hand`),
    body,
  };
}
