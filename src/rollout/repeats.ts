/** What happens again and again within an hour: findings that come and go, and objects that are healed and changed back. */

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** So often within an hour is too often. */
const tooOften = 3;

/** Times in milliseconds, of which those older than an hour are forgotten. */
export function withTime(times: readonly number[] | undefined, now: number): readonly number[] {
  return [...recent(times, now), now];
}

function recent(times: readonly number[] | undefined, now: number): readonly number[] {
  return (times ?? []).filter((time) => now - time < hourMs);
}

export function isTooOften(times: readonly number[] | undefined, now: number): boolean {
  return recent(times, now).length >= tooOften;
}

/** Milliseconds until it is not too often any more; 0 where it is not. */
export function calmsInMs(times: readonly number[] | undefined, now: number): number {
  const oldest = recent(times, now).at(-tooOften);
  return oldest === undefined ? 0 : oldest + hourMs - now;
}

/**
 * Milliseconds until something may be healed again that was healed at these times: twice as long each time, from one minute
 * to an hour; `null` where it was healed too often, and somebody has to look.
 */
export function healsInMs(times: readonly number[] | undefined, now: number): number | null {
  if (isTooOften(times, now)) return null;
  const healed = recent(times, now);
  const last = healed.at(-1);
  if (last === undefined) return 0;
  const wait = Math.min(hourMs, minuteMs * 2 ** (healed.length - 1));
  return Math.max(0, last + wait - now);
}
