import { expect, test } from "vitest";
import { type AppPause, makePausesMarker, readPausesMarker, withPause } from "../../src/plan/pauses.ts";
import { laterPause, secondsOf } from "../../src/rollout/pause.ts";

const now = new Date("2026-06-10T12:00:00Z");
const pause = (path: string, until: string, at = "2026-06-10T11:00:00Z"): AppPause => ({
  path,
  name: path,
  at,
  until,
  by: "ada",
  why: "<!-- a --> @b",
});
const soon = "2026-06-10T13:00:00Z";

test("what we have sealed is read back, and nothing that somebody has made of it", () => {
  const pauses = [pause("a", soon)];
  const seal = (of: readonly AppPause[]): string => JSON.stringify(of);
  const marker = makePausesMarker(pauses, seal(pauses));
  expect(readPausesMarker(`Text.\n${marker}`, seal)).toEqual(pauses);
  expect(readPausesMarker(marker.replaceAll("T13:00", "T14:00").replace("T14:00", "T13:00"), seal)).toEqual(
    [],
  );
  expect(readPausesMarker(makePausesMarker(pauses, "other"), seal)).toEqual([]);
  expect(readPausesMarker("", seal)).toEqual([]);
});

test("of each app what was said last is kept, for a week after it is over", () => {
  const old = pause("b", "2026-06-01T00:00:00Z");
  const ended = pause("c", "2026-06-10T11:30:00Z");
  const later = pause("a", now.toISOString(), now.toISOString());
  expect(withPause([pause("a", soon), old, ended], later, now)).toEqual([later, ended]);
});

test("whoever said it later is heeded, wherever it stands", () => {
  const earlier = pause("a", soon);
  const end = pause("a", "2026-06-10T11:30:00Z", "2026-06-10T11:30:00Z");
  expect(laterPause(earlier, end)).toBe(end);
  expect(laterPause(end, earlier)).toBe(end);
  expect(laterPause(undefined, end)).toBe(end);
  const atOnce = pause("a", earlier.at);
  expect(laterPause(earlier, atOnce)).toBe(atOnce);
  expect([secondsOf(earlier, now), secondsOf(end, now), secondsOf(undefined, now)]).toEqual([3600, 0, 0]);
});
