/** The log of a running Lockkeeper: one line per event, on standard error, without anything secret. */

import { type Logger, destination, pino } from "pino";
import type { LogLevel } from "../config/settings.ts";

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: "json" | "pretty";
}

/** Standard output stays free for what commands print. */
export function createLog({ level, format }: LogOptions): Logger {
  const stderr = destination({ fd: 2, sync: true });
  const sink = format === "json" ? stderr : { write: (line: string) => stderr.write(readable(line)) };
  return pino({ level, base: null, redact: { paths: [...secretFields], censor: "[redacted]" } }, sink);
}

/** None of these is ever logged on purpose. */
const secretFields = ["token", "secret", "authorization", "privateKey", "*.token", "*.authorization"];

/** One JSON line of pino as a person reads it: time, level, message, and the other fields. */
function readable(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const at = new Date(Number(time)).toISOString().slice(11, 23);
  const name = (pino.levels.labels[Number(level)] ?? "info").toUpperCase().padEnd(5);
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${text(value)}`);
  return `${[at, name, msg, ...rest].join(" ")}\n`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
