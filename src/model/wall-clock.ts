/** The time that a clock on the wall of a time zone shows, and when it shows one. */

/** `minute` is the minute of the day, the weekday `mon` to `sun`. */
export interface Wall {
  readonly weekday: string;
  /** Year, month and day as `2026-07-06`. */
  readonly date: string;
  readonly minute: number;
}

/** Reads the clock of a zone of the IANA time zone database; throws on any other name. */
export function wallClock(timezone: string): (at: Date) => Wall {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      weekday: parts.get("weekday")?.toLowerCase() ?? "",
      date: `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`,
      minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
    };
  };
}

const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * When the wall of a zone shows a date and minute: twice where clocks are put back, and where they are put forward over it,
 * the moment at which they are. Earliest first, never empty.
 */
export function instantsOf({ date, minute: of }: Pick<Wall, "date" | "minute">, timezone: string): Date[] {
  const read = wallClock(timezone);
  const shown = (at: number): number => {
    const wall = read(new Date(at));
    return Date.parse(`${wall.date}T00:00Z`) + wall.minute * minute;
  };
  const wanted = Date.parse(`${date}T00:00Z`) + of * minute;
  const offsets = [wanted - day, wanted + day].map((at) => shown(at) - at);
  const found = [...new Set(offsets.map((offset) => wanted - offset))].filter((at) => shown(at) === wanted);
  const instants = found.length > 0 ? found : [firstAfter(shown, wanted, offsets)];
  return instants.sort((a, b) => a - b).map((at) => new Date(at));
}

/** The first whole minute at which the wall shows a later time than one that it leaves out. */
function firstAfter(shown: (at: number) => number, wanted: number, offsets: readonly number[]): number {
  let [before, after] = [wanted - Math.max(...offsets), wanted - Math.min(...offsets)];
  while (after - before > minute) {
    const middle = before + Math.floor((after - before) / 2 / minute) * minute;
    if (shown(middle) < wanted) before = middle;
    else after = middle;
  }
  return after;
}
