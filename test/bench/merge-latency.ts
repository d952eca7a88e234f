/** How long it takes from the answer to a merge until its first object is seen changed in the cluster. */

import { type Loop, deployed, land } from "./loop.ts";
import { type Measurement, quantile } from "./measurement.ts";
import { waitFor } from "./wait-for.ts";
import { mapName } from "./repositories.ts";

export const mergeCount = 20;
const goal = 2000;

/** Expects one deployment so far and leaves 21. */
export async function mergeLatency(loop: Loop): Promise<readonly Measurement[]> {
  const times: number[] = [];
  for (let index = 0; index < mergeCount; index++) {
    const value = `merge-${index}`;
    const answered = await land(loop, value, [index]);
    const seen = await waitFor(`${value} in the cluster`, () => loop.seenAt(mapName(index), value));
    times.push(Math.max(0, seen - answered));
    await deployed(loop, index + 2);
  }
  const { kind, version } = loop.sandbox.cluster;
  const detail = times.map((time) => Math.round(time)).join(", ");
  const common = { unit: "ms", on: `sandbox GitHub, ${kind} ${version}`, detail } as const;
  const measure = "merge to first object applied";
  return [
    { ...common, measure: `${measure}, median of ${mergeCount}`, value: quantile(times, 0.5), goal },
    { ...common, measure: `${measure}, 9 of 10`, value: quantile(times, 0.9), goal: null },
    { ...common, measure: `${measure}, worst`, value: quantile(times, 1), goal: null },
  ];
}
