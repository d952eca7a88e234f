/** What is to be done about the pull request that offers a configuration: decided from what there is. */

import type { PullRequest } from "../model/pull.ts";
import { type OnboardingText, readOnboardingMarker } from "./onboarding-text.ts";

/** The one that is open, and what stands on its branch. */
export interface OpenOffer {
  readonly pull: PullRequest;
  /** Who made the commits of its branch: `foreign` if any of them is not ours. */
  readonly tip: "ours" | "foreign";
  /** What it was built on is no longer in the default branch. */
  readonly uprooted: boolean;
}

export interface OnboardingState {
  /** Null where nothing is found that would be followed. */
  readonly text: OnboardingText | null;
  readonly open: OpenOffer | null;
  /** All others from the branch. */
  readonly past: readonly PullRequest[];
}

export type OnboardingStep =
  | { readonly type: "nothing" }
  | { readonly type: "open"; readonly text: OnboardingText }
  | { readonly type: "rebuild"; readonly text: OnboardingText; readonly pull: PullRequest }
  | { readonly type: "describe"; readonly text: OnboardingText; readonly pull: PullRequest }
  /** Somebody else has pushed to it since. */
  | { readonly type: "warn"; readonly pull: PullRequest }
  | { readonly type: "close"; readonly pull: PullRequest; readonly reason: string };

/** One that a person has closed is a no for good; what we closed ourselves, or what was merged and taken away again, is none. */
export function onboardingStep({ text, open, past }: OnboardingState): OnboardingStep {
  if (open === null)
    return text === null || past.some(isRefusal) ? { type: "nothing" } : { type: "open", text };
  const { pull, tip, uprooted } = open;
  if (text === null)
    return { type: "close", pull, reason: "no image is found any more that would be followed." };
  const marker = readOnboardingMarker(pull.body);
  if (tip === "foreign")
    return marker?.edited === pull.headSha ? { type: "nothing" } : { type: "warn", pull };
  if (uprooted || marker?.config !== text.hashes.config) return { type: "rebuild", text, pull };
  const isTold =
    marker.text === text.hashes.text && marker.closed === undefined && marker.edited === undefined;
  return isTold ? { type: "nothing" } : { type: "describe", text, pull };
}

function isRefusal({ state, merged, body }: PullRequest): boolean {
  return state === "closed" && !merged && readOnboardingMarker(body)?.closed !== true;
}
