/** What is to become of every place of a commit: the registry's candidates, less what people have said no to. */

import type { Result } from "../model/failure.ts";
import type { PullRequest } from "../model/pull.ts";
import { type Hold, heldBy, holdsOf } from "../plan/holds.ts";
import { ruleFor } from "../plan/image-rule.ts";
import type { IsProposed } from "../plan/proposed.ts";
import type { DecidedPlace, Decision, ImagePlace } from "../plan/unit.ts";
import { valueText } from "../manifests/image-value.ts";
import { type FindCandidate, type ImageCandidate, failureReason } from "./image-candidates.ts";
import type { Survey } from "./scan-survey.ts";

/** A place with what the registry offers for it. */
export interface Offered {
  readonly place: ImagePlace;
  readonly offer: Result<ImageCandidate>;
}

export async function offersFor(survey: Survey, find: FindCandidate): Promise<readonly Offered[]> {
  const offers: Offered[] = [];
  for (const place of survey.places) {
    const rule = ruleFor(survey.config.images, place.image, place.app.environment);
    offers.push({ place, offer: await find(place.image, rule?.semver ?? null) });
  }
  return offers;
}

/** Pull requests of ours. */
export interface OwnPulls {
  readonly proposed: IsProposed;
  /** They matter only where something is offered that no open one proposes. */
  readonly closed: readonly PullRequest[];
}

export function isNew({ place, offer }: Offered, proposed: IsProposed): boolean {
  return offer.ok && offer.value.to !== null && !proposed(place.occurrence, offer.value.to);
}

export function decide(
  survey: Survey,
  offers: readonly Offered[],
  { proposed, closed }: OwnPulls,
): readonly DecidedPlace[] {
  const present = survey.places.map(({ occurrence }) => occurrence);
  const holds = holdsOf(closed, present);
  return offers.map((offered) => {
    const { place, offer } = offered;
    if (!offer.ok) return { ...place, decision: { type: "unknown", reason: failureReason(offer.failure) } };
    const { to, kind, reason } = offer.value;
    if (to === null || kind === null) return { ...place, decision: { type: "none", reason } };
    const hold = isNew(offered, proposed) ? heldBy(holds, place.occurrence, to, present) : undefined;
    const decision: Decision =
      hold === undefined
        ? { type: "bump", to, kind, why: reason }
        : { type: "none", reason: heldReason(hold) };
    return { ...place, decision };
  });
}

function heldReason({ value, pull, reason }: Hold): string {
  const how = reason === "closed" ? `#${pull} was closed` : `#${pull} was merged and taken back`;
  return `${valueText(value)} is held, as ${how}; a later version ends that.`;
}
