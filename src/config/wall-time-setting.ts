/** Settings that are times on the wall of a time zone. */

import { z } from "zod";
import { type Wall, wallClock } from "../model/wall-clock.ts";

/** A name of the IANA time zone database. */
export const timezone = z.string().refine(isTimezone, {
  error: (issue) =>
    `"${String(issue.input)}" is not a name of the time zone database, like UTC or Europe/Berlin`,
});

function isTimezone(name: string): boolean {
  try {
    wallClock(name);
    return true;
  } catch {
    return false;
  }
}

/** A date and time like `2026-12-24T18:00`, or a date, which is the midnight that begins it. */
export const wallTime = z.string().transform((value, context): Pick<Wall, "date" | "minute"> => {
  const [, date = "", hour = "0", minute = "0"] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::00)?)?$/.exec(value) ?? [];
  const at = { date, minute: Number(hour) * 60 + Number(minute) };
  if (isDate(date) && Number(hour) < 24 && Number(minute) < 60) return at;
  const message = `"${value}" is not a time like 2026-12-24T18:00, without a zone: that is what timezone says`;
  context.issues.push({ code: "custom", message, input: value });
  return z.NEVER;
});

function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
