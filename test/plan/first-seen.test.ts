import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Sighting, makeSeenMarker, openLedger, readSeenMarker } from "../../src/plan/first-seen.ts";

const now = new Date("2026-06-10T00:00:00Z");
const present = now.getTime() / 1000;
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const web = "ghcr.io/acme/web";

function known(...about: [tag: string, letter: string, secondsAgo: number][]): readonly Sighting[] {
  const ledger = about.map(([tag, letter, ago]) => {
    const past = openLedger([], new Date(now.getTime() - ago * 1000));
    past.ageOf(web, tag, digest(letter));
    return past.sightings(new Set());
  });
  return ledger.flat();
}

describe("an image behind a tag", () => {
  test("is of no age when it is seen for the first time, and ages from then on", () => {
    expect(openLedger([], now).ageOf(web, "1.1.0", digest("a"))).toBe(0);
    expect(openLedger(known(["1.1.0", "a", 3600]), now).ageOf(web, "1.1.0", digest("a"))).toBe(3600);
  });

  test("begins anew when another image is behind the tag, or another tag names the image", () => {
    const ledger = openLedger(known(["1.1.0", "a", 3600]), now);
    expect(ledger.ageOf(web, "1.1.0", digest("b"))).toBe(0);
    expect(ledger.ageOf(web, "1.2.0", digest("a"))).toBe(0);
    expect(ledger.ageOf("ghcr.io/acme/api", "1.1.0", digest("a"))).toBe(0);
  });

  test("that was seen in the future is seen now", () => {
    const ledger = openLedger(known(["1.1.0", "a", -3600]), now);
    expect(ledger.ageOf(web, "1.1.0", digest("a"))).toBe(0);
    expect(ledger.sightings(new Set())).toMatchObject([{ at: present }]);
  });
});

describe("what is remembered", () => {
  test("is what was asked for; the rest goes, but of images that could not be judged", () => {
    const ledger = openLedger(known(["1.1.0", "a", 60], ["1.2.0", "b", 30]), now);
    ledger.ageOf(web, "1.1.0", digest("a"));
    expect(ledger.sightings(new Set()).map(({ tag }) => tag)).toEqual(["1.1.0"]);
    expect(ledger.sightings(new Set([web])).map(({ tag, at }) => [tag, present - at])).toEqual([
      ["1.1.0", 60],
      ["1.2.0", 30],
    ]);
  });

  test("is read back from the marker as it was written", () => {
    const sighting = fc.record({
      image: fc.constantFrom(web, "docker.io/library/nginx", "x:5000/-->@y/#1"),
      tag: fc.string({ minLength: 1, maxLength: 20 }),
      digest: fc.constantFrom(digest("a"), digest("b")).map((text) => text.slice(0, 31)),
      at: fc.nat(),
    });
    const all = fc.uniqueArray(sighting, {
      selector: (one) => JSON.stringify([one.image, one.tag, one.digest]),
    });
    const sorted = (some: readonly Sighting[]) =>
      new Set(some.map(({ image, tag, digest, at }) => JSON.stringify([image, tag, digest, at])));
    fc.assert(
      fc.property(all, (sightings) => {
        expect(sorted(readSeenMarker(`text\n${makeSeenMarker(sightings)}`))).toEqual(sorted(sightings));
      }),
    );
  });

  test("stays small, and what was seen first is kept", () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({
      image: web,
      tag: `1.0.${index}`,
      digest: digest("a"),
      at: index,
    }));
    const marker = makeSeenMarker(many);
    const read = readSeenMarker(marker);
    expect(marker.length).toBeLessThan(16_001);
    expect(read.length).toBeGreaterThan(100);
    expect(read.map(({ at }) => at)).toEqual(read.map((_, index) => index));
  });

  test.each([
    ["none", "text"],
    ["of no JSON", "<!-- lockkeeper:seen [ -->"],
    ["of another shape", '<!-- lockkeeper:seen {"ghcr.io/acme/web":1} -->'],
    ["given twice", `${makeSeenMarker([])}\n${makeSeenMarker([])}`],
    ["with a time before 1970", '<!-- lockkeeper:seen [["a",[["b","c",-1]]]] -->'],
  ])("is nothing where the marker is %s", (_, body) => {
    expect(readSeenMarker(body)).toEqual([]);
  });
});
