/** When new pull requests may be opened: days and hours of one time zone. */

import { type OpeningHours, type Weekday, weekdays } from "../config/opening-settings.ts";
import { type Wall, wallClock } from "../model/wall-clock.ts";

const minutesADay = 24 * 60;
const step = 15 * 60_000;

/**
 * Null while they are open, else when they open next. Clocks that are put forward or back count as the wall shows them: the
 * answer is found by looking at the wall, a quarter of an hour at a time, which is what every zone's offset is a multiple of.
 */
export function opensAt(hours: OpeningHours, now: Date): Date | null {
  const read = wallClock(hours.timezone);
  if (isOpen(hours, read(now))) return null;
  const first = Math.ceil((now.getTime() + 1) / step) * step;
  for (let at = first; at <= now.getTime() + 8 * minutesADay * 60_000; at += step) {
    const wall = read(new Date(at));
    if (isOpen(hours, wall)) return new Date(at - (pastOpening(hours, wall) % 15) * 60_000);
  }
  return null;
}

/** Day, time and zone, for people: `Mon, 6 Jul 2026, 08:00 (Europe/Berlin)`. */
export function wallTime({ timezone }: OpeningHours, at: Date): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    dateStyle: "medium",
    timeStyle: "short",
  });
  const day = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, weekday: "short" });
  return `${day.format(at)}, ${format.format(at)} (${timezone})`;
}

function isOpen({ days, hours: { begins, ends } }: OpeningHours, { weekday, minute }: Wall): boolean {
  const day = weekdays.find((one) => one === weekday) ?? "mon";
  if (begins < ends) return days.includes(day) && minute >= begins && minute < ends;
  if (days.includes(day) && minute >= begins) return true;
  return days.includes(dayBefore(day)) && minute < ends;
}

function dayBefore(day: Weekday): Weekday {
  return weekdays[(weekdays.indexOf(day) + 6) % 7] ?? "sun";
}

function pastOpening({ hours }: OpeningHours, { minute }: Wall): number {
  return (minute - hours.begins + minutesADay) % minutesADay;
}
