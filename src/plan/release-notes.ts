/** Which releases of its sources lie between two tags of an image, and their notes as text that does nothing. */

import type { Release } from "../model/release.ts";
import { inertBlock, inertLine } from "../text/inert.ts";
import { fold } from "../text/markdown.ts";

const mostReleases = 5;
const mostCharacters = 4000;

/**
 * The releases after the one of `from` up to that of `to`, the newest first; `newestFirst` is how GitHub lists them. Only that
 * of `to` where `from` has none. A release belongs to an image's tag when its own is the same, or with a `v` or the name of a
 * part of the project in front (`web-1.2.0`, `web/v1.2.0`).
 */
export function releasesBetween(
  newestFirst: readonly Release[],
  tags: { readonly from: string | null; readonly to: string | null },
): readonly Release[] {
  const releases = newestFirst.filter(({ draft }) => !draft);
  const indexOf = (tag: string | null): number =>
    tag === null ? -1 : releases.findIndex((release) => isOf(release.tag, tag));
  const [old, next] = [indexOf(tags.from), indexOf(tags.to)];
  if (next < 0) return [];
  return releases.slice(next, old > next ? old : next + 1);
}

function isOf(release: string, tag: string): boolean {
  const bare = tag.replace(/^v(?=\d)/, "");
  const own = [bare, `v${bare}`];
  if (release === tag || own.includes(release)) return true;
  return ["-", "/", "@"].some((mark) => own.some((name) => release.endsWith(mark + name)));
}

/** A fold with each release's title and notes, as they are written and not as they would render. */
export function notesFold(releases: readonly Release[]): string {
  const shown = releases.slice(0, mostReleases).map(({ tag, title, notes }) => {
    const head = title === "" || title === tag ? tag : `${tag}: ${title}`;
    const text = notes.trim() === "" ? "(without notes)" : notes.trim();
    return inertBlock(`${inertLine(head)}\n\n${text}`, mostCharacters);
  });
  const more = releases.length - shown.length;
  const rest = more > 0 ? [`_And ${more} older ${more === 1 ? "release" : "releases"}._`] : [];
  return fold(`Release notes (${releases.length})`, [...shown, ...rest].join("\n\n"));
}
