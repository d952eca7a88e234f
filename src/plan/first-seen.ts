/** When we first saw an image behind a tag: the ledger by which a minimum age counts where nobody can be believed. */

import { z } from "zod";
import { makeMarker, readMarker } from "../text/marker.ts";

/** An image behind a tag that a minimum age is asked of. */
export interface Sighting {
  /** `registry/repository`. */
  readonly image: string;
  readonly tag: string;
  /** Begins with the algorithm. Another image behind the same tag is another sighting. */
  readonly digest: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Tells how long ago an image was first seen. */
export interface FirstSeen {
  /** In seconds; 0 for one that is seen for the first time now, which is written down. */
  ageOf(image: string, tag: string, digest: string): number;
}

/** The ledger of one scan. */
export interface Ledger extends FirstSeen {
  /**
   * What is to be remembered: what was asked for in this scan, and what was known of images that could not be judged in it
   * (`registry/repository`). Anything else is no longer awaited.
   */
  sightings(unjudged: ReadonlySet<string>): readonly Sighting[];
}

/** A sighting that lies in the future counts from now: time is only ever added to a wait. */
export function openLedger(known: readonly Sighting[], now: Date): Ledger {
  const seconds = now.getTime() / 1000;
  const present = Math.ceil(seconds);
  const byKey = new Map(known.map((sighting) => [keyOf(sighting), sighting]));
  const asked = new Map<string, Sighting>();
  return {
    ageOf(image, tag, digest) {
      const key = keyOf({ image, tag, digest });
      const at = Math.min(byKey.get(key)?.at ?? present, present);
      asked.set(key, { image, tag, digest: shortened(digest), at });
      return Math.max(0, seconds - at);
    },
    sightings(unjudged) {
      const kept = known.filter((one) => unjudged.has(one.image) && !asked.has(keyOf(one)));
      return [...asked.values(), ...kept].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    },
  };
}

function keyOf({ image, tag, digest }: Omit<Sighting, "at">): string {
  return JSON.stringify([image, tag, shortened(digest)]);
}

/** So much of a digest cannot be met by chance nor by trying. */
function shortened(digest: string): string {
  return digest.slice(0, "sha256:".length + 24);
}

const kind = "seen";
const marker = z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), z.string(), z.int().min(0)]))]));

/** Characters of the marker; the rest of the text needs its room. */
const maximumLength = 16_000;

/** As a hidden marker, by image. What has no room is left out, the latest first: those images only wait longer. */
export function makeSeenMarker(sightings: readonly Sighting[]): string {
  const earliestFirst = sightings.toSorted((a, b) => a.at - b.at);
  let text = "";
  for (let count = earliestFirst.length; count >= 0; count = Math.floor(count * 0.9) - 1) {
    text = makeMarker(kind, grouped(earliestFirst.slice(0, count)));
    if (text.length <= maximumLength) return text;
  }
  return text;
}

function grouped(sightings: readonly Sighting[]): z.infer<typeof marker> {
  const images = new Map<string, [string, string, number][]>();
  for (const { image, tag, digest, at } of sightings) {
    images.set(image, [...(images.get(image) ?? []), [tag, digest, at]]);
  }
  return [...images].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** None where there is no marker, or a broken one: waiting starts again then, and is never cut short. */
export function readSeenMarker(body: string): readonly Sighting[] {
  const parsed = marker.safeParse(readMarker(body, kind));
  if (!parsed.success) return [];
  return parsed.data.flatMap(([image, tags]) =>
    tags.map(([tag, digest, at]) => ({ image, tag, digest, at })),
  );
}
