import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { type OpeningHours, weekdays } from "../../src/config/opening-settings.ts";
import { opensAt } from "../../src/plan/opening-hours.ts";

const week = ["mon", "tue", "wed", "thu", "fri"] as const;
const office: OpeningHours = {
  days: week,
  hours: { begins: 8 * 60, ends: 18 * 60 },
  timezone: "Europe/Berlin",
};
const night: OpeningHours = { ...office, days: ["fri"], hours: { begins: 22 * 60, ends: 6 * 60 } };

const table: readonly [string, OpeningHours, string, string | null][] = [
  ["in the morning of a summer day", office, "2026-07-01T06:00:00Z", null],
  ["a minute before", office, "2026-07-01T05:59:00Z", "2026-07-01T06:00:00Z"],
  ["in winter, when the zone is an hour nearer", office, "2026-01-14T06:30:00Z", "2026-01-14T07:00:00Z"],
  ["at the end, which is outside", office, "2026-07-01T16:00:00Z", "2026-07-02T06:00:00Z"],
  ["from Friday evening to Monday", office, "2026-07-03T16:00:00Z", "2026-07-06T06:00:00Z"],
  ["over the night that clocks are put forward", office, "2026-03-27T18:00:00Z", "2026-03-30T06:00:00Z"],
  ["past midnight, still Friday's hours", night, "2026-07-04T03:00:00Z", null],
  ["past midnight of another day", night, "2026-07-03T03:00:00Z", "2026-07-03T20:00:00Z"],
  [
    "with minutes, in a zone of a half hour",
    { ...office, hours: { begins: 9 * 60 + 7, ends: 600 }, timezone: "Asia/Kolkata" },
    "2026-07-01T00:00:00Z",
    "2026-07-01T03:37:00Z",
  ],
];

describe("opening hours", () => {
  test.each(table)("%s", (_, hours, now, expected) => {
    expect(opensAt(hours, new Date(now))?.toISOString() ?? null).toBe(
      expected === null ? null : new Date(expected).toISOString(),
    );
  });

  test("are open when they say that they open, and not a minute before", () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
    const hours = fc.record({
      days: fc.subarray([...weekdays], { minLength: 1 }),
      hours: fc.record({ begins: minute, ends: minute }),
      timezone: fc.constantFrom("UTC", "America/St_Johns", "Asia/Kathmandu"),
    });
    const now = fc.date({ min: new Date("2026-05-01"), max: new Date("2026-08-01"), noInvalidDate: true });
    fc.assert(
      fc.property(hours, now, (open, at) => {
        const opens = opensAt(open, at);
        if (opens === null) return;
        expect(opensAt(open, opens)).toBeNull();
        expect(opensAt(open, new Date(opens.getTime() - 60_000))).not.toBeNull();
      }),
    );
  });
});
