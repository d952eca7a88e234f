/** A time during which an app must not be changed: nothing is applied, and nothing is healed. */

/** Times are ISO 8601. What people say last holds: that it is over is said with an `until` that is `at`. */
export interface Pause {
  /** When it was said. */
  readonly at: string;
  readonly until: string;
  /** Login of who said it. */
  readonly by: string;
  readonly why: string;
}

/** What was said later; GitHub tells of comments in whole seconds, and of two in one second the `other` counts. */
export function laterPause(one: Pause | undefined, other: Pause | undefined): Pause | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Date.parse(other.at) >= Date.parse(one.at) ? other : one;
}

/** Seconds that it still lasts; 0 where it is over. */
export function secondsOf(pause: Pause | undefined, now: Date): number {
  if (pause === undefined) return 0;
  return Math.max(0, (Date.parse(pause.until) - now.getTime()) / 1000);
}

/** Plain text, the words of people included: `paused until 2026-06-10 14:05 UTC by ada: the database moves`. */
export function pauseText({ until, by, why }: Pause): string {
  return `paused until ${minuteOf(until)} by ${by}: ${why}`;
}

/** `2026-06-10 14:05 UTC`, never too early. */
export function minuteOf(time: string): string {
  const text = new Date(Math.ceil(Date.parse(time) / 60_000) * 60_000).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}
