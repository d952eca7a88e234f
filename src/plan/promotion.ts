/** Promotion: an environment is offered only what the one before it has run healthy for a while. */

import type { AppPromotion } from "../config/promotions.ts";
import { valueText } from "../manifests/image-value.ts";
import type { ImageValue } from "../model/update.ts";

/** How an app stands by the deployments that our App has recorded; `since` is when it was seen healthy at that commit. */
export type Standing = Unsettled | { readonly type: "healthy"; readonly sha: string; readonly since: Date };

/** What runs there is not known to be healthy. */
type Unsettled =
  | { readonly type: "nothing" }
  | { readonly type: "deploying"; readonly sha: string }
  | { readonly type: "unhealthy"; readonly sha: string };

/** An offer that has to wait for the environment before. */
export interface PromotionWait {
  /** A sentence of plain text, not yet inert. */
  readonly reason: string;
  /** What is offered once the wait is over, or what the registry has where that is not known. */
  readonly wanted: ImageValue;
  /** What the app before runs now; null where it runs nothing healthy, or is being deployed. */
  readonly runs: ImageValue | null;
  /** Nothing is known to be wrong with what is proposed already. */
  readonly patient: boolean;
  /** When it is over if nothing else happens, in seconds since 1970. */
  readonly until?: number;
}

/** Why an app waits, whatever image it is. */
export function waitFor({ app, from, before }: AppPromotion, standing: Unsettled): string {
  if (before === null) return `Waits for ${from}: no app there belongs to ${app.name}.`;
  const name = before.name;
  switch (standing.type) {
    case "deploying":
      return `Waits for ${from}: ${name} is being moved to ${standing.sha.slice(0, 7)}.`;
    case "unhealthy":
      return `Waits for ${from}: ${name} is not healthy at ${standing.sha.slice(0, 7)}.`;
    default:
      return `Waits for ${from}: nothing that Lockkeeper applied runs in ${name} yet.`;
  }
}

/** Why an image waits of which the app before runs no value, or several. */
export function waitForImage({ from, before }: AppPromotion, values: readonly ImageValue[]): string {
  const name = before?.name ?? from;
  if (values.length === 0) return `Waits for ${from}: ${name} does not use this image.`;
  const several = values.map((value) => valueText(value)).join(", ");
  return `Waits for ${from}: ${name} runs several values of this image, ${several}.`;
}

/** The app before runs something that is no step forward here. */
export function waitForNewer({ from, before }: AppPromotion, runs: ImageValue, wanted: ImageValue): string {
  const name = before?.name ?? from;
  return `Waits for ${from}: ${name} runs ${valueText(runs)} and not ${valueText(wanted)} yet.`;
}

/** Null once it has run long enough; else why not, and until when. */
export function soak(
  { from, healthySeconds }: AppPromotion,
  runs: ImageValue,
  since: Date,
  now: Date,
): { readonly reason: string; readonly until: number } | null {
  const until = since.getTime() / 1000 + healthySeconds;
  if (until <= now.getTime() / 1000) return null;
  const value = valueText(runs);
  const reason = `Waits for ${from}: it runs ${value} since ${minute(since.getTime() / 1000)}, and ${durationText(healthySeconds)} of health are asked for, until ${minute(until)}.`;
  return { reason, until };
}

/** `2026-06-10 14:05 UTC`, never too early. */
function minute(seconds: number): string {
  const text = new Date(Math.ceil(seconds / 60) * 60_000).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}

/** In the largest unit of settings that it is a whole number of. */
function durationText(seconds: number): string {
  const units = [
    ["d", 86_400],
    ["h", 3600],
    ["m", 60],
  ] as const;
  const unit = units.find(([, size]) => seconds % size === 0);
  return unit === undefined ? `${seconds}s` : `${seconds / unit[1]}${unit[0]}`;
}
