/** What one line of the bench says. */

export interface Measurement {
  readonly measure: string;
  /** In `unit`. */
  readonly value: number;
  readonly unit: "ms" | "s" | "requests" | "MiB" | "times";
  /** The value may not be above it; null where the row only informs. */
  readonly goal: number | null;
  /** The parts that were not fakes, or which fake. */
  readonly on: string;
  /** What the value is made of, for whoever wants to lower it. */
  readonly detail?: string;
}

/** Whether the goal is met; null where there is none. */
export function isMet({ value, goal }: Measurement): boolean | null {
  return goal === null ? null : value <= goal;
}

/** The value that so much (0 to 1) of the values do not exceed, by nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
