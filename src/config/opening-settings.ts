/** The setting `pulls.open`: days and hours of one time zone. */

import { z } from "zod";
import { oneOrMany } from "./setting-types.ts";
import { timezone } from "./wall-time-setting.ts";

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

export interface OpeningHours {
  readonly days: readonly Weekday[];
  /** Minutes from midnight. An end that is not after the beginning is on the next day; the day is that of the beginning. */
  readonly hours: { readonly begins: number; readonly ends: number };
  /** A name of the IANA time zone database. */
  readonly timezone: string;
}

/** A day like `sat`, or a range like `mon-fri`, that may go round the end of the week. */
const days = z.string().transform((value, context): readonly Weekday[] => {
  const named = value.split("-").map((word) => weekdays.find((day) => day === word.trim().toLowerCase()));
  const [first, last] = [named[0], named.at(-1)];
  if (first !== undefined && last !== undefined && named.length <= 2) return range(first, last);
  const message = `"${value}" is not a day or a range of days, like sat or mon-fri`;
  context.issues.push({ code: "custom", message, input: value });
  return z.NEVER;
});

function range(first: Weekday, last: Weekday): readonly Weekday[] {
  const [from, to] = [weekdays.indexOf(first), weekdays.indexOf(last)];
  return from <= to ? weekdays.slice(from, to + 1) : [...weekdays.slice(from), ...weekdays.slice(0, to + 1)];
}

const hours = z.string().transform((value, context) => {
  const found = /^(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?$/.exec(value.replaceAll(" ", ""));
  const [begins, ends] = [minutes(found?.[1], found?.[2]), minutes(found?.[3], found?.[4])];
  const real = Number(found?.[2] ?? 0) < 60 && Number(found?.[4] ?? 0) < 60;
  if (found !== null && real && begins < 24 * 60 && ends <= 24 * 60) return { begins, ends };
  const message = `"${value}" are not hours of a day, like "08-18" or "08:30-17:45"`;
  context.issues.push({ code: "custom", message, input: value });
  return z.NEVER;
});

function minutes(hour = "", minute = "0"): number {
  return Number(hour) * 60 + Number(minute);
}

/** Days default to all, hours to the whole day, the time zone to UTC. */
export const opening = z
  .strictObject({
    days: oneOrMany(days).optional(),
    hours: hours.default({ begins: 0, ends: 24 * 60 }),
    timezone: timezone.default("UTC"),
  })
  .transform(({ days: given, ...rest }): OpeningHours => {
    const chosen = weekdays.filter((day) => given === undefined || given.flat().includes(day));
    return { days: chosen, ...rest };
  });
