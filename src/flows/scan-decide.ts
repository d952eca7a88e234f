/** What is to become of every place of a commit: the registry's candidates, less what people have said no to. */

import type { Failure, Result } from "../model/failure.ts";
import type { PullRequest } from "../model/pull.ts";
import { type Hold, type Standing, heldBy, holdsOf } from "../plan/holds.ts";
import { policyFor } from "../plan/image-rule.ts";
import type { Proposed } from "../plan/proposed.ts";
import type { DecidedPlace, Decision, ImagePlace } from "../plan/unit.ts";
import { valueText } from "../manifests/image-value.ts";
import { chooseTag } from "../tags/choose-tag.ts";
import {
  type FindCandidate,
  type ImageCandidate,
  type ImageWish,
  atOnce,
  failureReason,
} from "./image-candidates.ts";
import { mapBounded } from "./map-bounded.ts";
import type { Survey } from "./scan-survey.ts";

/** A place with what the registry offers for it. */
export interface Offered {
  readonly place: ImagePlace;
  readonly offer: Result<ImageCandidate>;
}

/** The image of a place, with the policy that it follows there. */
export function wishOf({ images }: Survey["config"], { app, image, occurrence }: ImagePlace): ImageWish {
  const { statement, edits } = occurrence;
  return { image, ...policyFor(images, { image, statement, edits }, app.environment) };
}

export function offersFor(
  config: Survey["config"],
  places: readonly ImagePlace[],
  find: FindCandidate,
): Promise<readonly Offered[]> {
  return mapBounded(places, atOnce, async (place) => {
    return { place, offer: await find(wishOf(config, place)) };
  });
}

/** Pull requests of ours. */
export interface OwnPulls {
  readonly proposed: Proposed;
  /** They matter only where something is offered that no open one proposes. */
  readonly closed: readonly PullRequest[];
}

export function isNew({ place, offer }: Offered, proposed: Proposed): boolean {
  return offer.ok && offer.value.to !== null && !proposed.has(place.occurrence, offer.value.to);
}

/** A place with what is to become of it, and the hold that keeps it as it is. */
export interface JudgedPlace extends DecidedPlace {
  readonly hold?: Hold;
}

export function decide(
  survey: Survey,
  offers: readonly Offered[],
  { proposed, closed }: OwnPulls,
): readonly JudgedPlace[] {
  const standing = (place: ImagePlace): Standing => ({
    ...place.occurrence,
    policy: wishOf(survey.config, place).policy,
  });
  const present = closed.length === 0 ? [] : survey.places.map(standing);
  const holds = holdsOf(closed, present);
  return offers.map((offered) => {
    const { place, offer } = offered;
    if (!offer.ok) return { ...place, decision: unanswered(survey, offered, proposed, offer.failure) };
    const { to, kind, reason } = offer.value;
    if (to === null || kind === null) return { ...place, decision: { type: "none", reason } };
    const hold = isNew(offered, proposed) ? heldBy(holds, standing(place), to, present) : undefined;
    const decision: Decision =
      hold === undefined
        ? { type: "bump", to, kind, why: reason }
        : { type: "none", reason: heldReason(hold) };
    return { ...place, decision, hold };
  });
}

/** A registry that does not answer takes nothing back: what is proposed stays, so that its branch can follow the base. */
function unanswered(survey: Survey, { place }: Offered, proposed: Proposed, failure: Failure): Decision {
  const reason = failureReason(failure);
  const to = proposed.from(place.occurrence);
  if (to === null) return { type: "unknown", reason };
  const { policy } = wishOf(survey.config, place);
  const tags = to.tag === null ? [] : [to.tag];
  const choice = chooseTag({ current: place.occurrence.tag, tags }, policy);
  const kind = (choice.ok ? choice.value.kind : null) ?? "tag";
  return { type: "bump", to, kind, why: reason, unanswered: reason };
}

function heldReason({ value, pull, reason }: Hold): string {
  const how = reason === "closed" ? `#${pull} was closed` : `#${pull} was merged and taken back`;
  return `${valueText(value)} is held, as ${how}; a later version ends that.`;
}
