/** Which other paths take the value of an occurrence through aliases. */

import type { Document } from "yaml";
import type { Occurrence } from "../model/update.ts";
import { type Link, linksOf } from "./anchors.ts";
import type { Scope } from "./read-place.ts";
import { pointer } from "./shape.ts";

/** More are not listed: aliases of aliases multiply. */
const most = 100;

/** What was found in a document, each with the paths that move with it. */
export function withFeeds<T extends Pick<Occurrence, "path" | "edits" | "feeds">>(
  document: Document.Parsed,
  { source, prefix }: Scope,
  occurrences: readonly T[],
): readonly T[] {
  if (occurrences.length === 0 || !source.text.includes("*")) return occurrences;
  const links = linksOf(document).map(({ from, to }) => ({
    from: pointer([...prefix, ...from]),
    to: pointer([...prefix, ...to]),
  }));
  if (links.length === 0) return occurrences;
  return occurrences.map((occurrence) => {
    const known = occurrence.feeds ?? [];
    const own = [...(occurrence.edits?.map(({ path }) => path) ?? [occurrence.path]), ...known];
    const feeds = feedsOf(own, links);
    return feeds.length === 0 ? occurrence : { ...occurrence, feeds: [...known, ...feeds] };
  });
}

type TextLink = Record<keyof Link, string>;

function feedsOf(own: readonly string[], links: readonly TextLink[]): readonly string[] {
  const found = new Set<string>(own);
  for (const path of found) {
    for (const { from, to } of links) {
      if (found.size > most) break;
      if (path === to || path.startsWith(`${to}/`)) found.add(from + path.slice(to.length));
    }
  }
  return [...found].slice(new Set(own).size);
}
