/** The entries of `environments`: what an environment waits for before it gets anything new. */

import { z } from "zod";
import { duration, text } from "./setting-types.ts";

/** An environment gets only what another one has run healthy for a while. */
export interface Promotion {
  /** The name of the environment before it. */
  readonly from: string;
  readonly healthySeconds: number;
}

const promotion = z.strictObject({ from: text, healthyFor: duration.default(1) });

/** By the name of the environment. */
export const environmentSettings = z
  .record(text, z.strictObject({ promote: promotion.optional() }))
  .superRefine((environments, context) => {
    for (const name of Object.keys(environments)) {
      const round = roundOf(environments, name);
      if (round === null) continue;
      const message = `goes round in a circle: ${round.join(" from ")}`;
      context.issues.push({ code: "custom", path: [name, "promote", "from"], message, input: name });
    }
  })
  .transform((environments): ReadonlyMap<string, Promotion> => {
    const entries = Object.entries(environments).flatMap(([name, { promote }]) =>
      promote === undefined
        ? []
        : [[name, { from: promote.from, healthySeconds: promote.healthyFor }] as const],
    );
    return new Map(entries);
  });

type Given = Readonly<Record<string, { readonly promote?: { readonly from: string } | undefined }>>;

/** The names on the way from an environment back to itself. */
function roundOf(environments: Given, name: string): readonly string[] | null {
  const way = [name];
  for (let from = environments[name]?.promote?.from; from !== undefined;) {
    way.push(from);
    if (from === name) return way;
    if (way.indexOf(from) < way.length - 1) return null;
    from = environments[from]?.promote?.from;
  }
  return null;
}
