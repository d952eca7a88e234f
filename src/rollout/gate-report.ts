/** What people read about an app in mode gate: that somebody else has moved its branch, and how its engine sees it. */

import { resourceId, resourceText } from "../model/resource.ts";
import { inertLine, inertSpan } from "../text/inert.ts";
import { fitBlocks, table } from "../text/markdown.ts";
import { makeMarker } from "../text/marker.ts";
import type { Follower } from "./engine.ts";

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

export interface Stray {
  readonly app: string;
  readonly name: string;
  readonly path: string;
  readonly sha: string;
  /** Flux or Argo CD. */
  readonly engine: string;
}

/** The drift issue of an app that another engine applies. */
export function strayText(
  { app, name, path, sha, engine }: Stray,
  followers: readonly Follower[],
): { readonly title: string; readonly body: string } {
  const rows = followers.map(({ object, health }) => [
    inertSpan(resourceText(resourceId(object))),
    inertSpan(health.reason, 500),
  ]);
  const [first] = followers;
  const what =
    first === undefined ? "" : `${first.object.kind} ${first.object.metadata.name}: ${first.health.reason}`;
  const body = fitBlocks(
    [
      `What ${engine} says of ${inertSpan(name)} is not what ${inertSpan(sha.slice(0, 7))} asks for.`,
      table(["object", "state"], rows),
      `${engine} applies this app, so that it is healed there. The issue follows what ${engine} says and closes by itself.`,
    ],
    makeMarker("drift", { app, path }),
  );
  return { title: inertLine(`${name}: ${what}`), body };
}
