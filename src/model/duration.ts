/** Durations as people write them. */

const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const longest = 30 * unitSeconds.d;

/** Seconds of `90s`, `5m`, `1h` or `3d`, one second to 30 days; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const found = /^([0-9]{1,7})([smhd])$/.exec(text);
  if (found === null) return undefined;
  const seconds = Number(found[1]) * unitSeconds[found[2] as keyof typeof unitSeconds];
  return seconds >= 1 && seconds <= longest ? seconds : undefined;
}
