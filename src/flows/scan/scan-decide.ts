/** What is to become of every place of a commit: the registry's candidates, less what people have said no to. */

import type { Failure, Result } from "../../model/failure.ts";
import type { PullRequest } from "../../model/pull.ts";
import type { ChangeKind, ImageValue } from "../../model/update.ts";
import { type Hold, type Standing, heldBy, holdsOf } from "../../plan/holds.ts";
import { policyFor } from "../../plan/image-rule.ts";
import type { PromotionWait } from "../../plan/promotion.ts";
import type { Proposed } from "../../plan/proposed.ts";
import { type DecidedPlace, type Decision, type ImagePlace, unitsOf } from "../../plan/unit.ts";
import { valueText } from "../../manifests/image-value.ts";
import { chooseTag } from "../../tags/choose-tag.ts";
import {
  type FindCandidate,
  type ImageCandidate,
  type ImageWish,
  atOnce,
  failureReason,
} from "./image-candidates.ts";
import { inFlight } from "../in-flight.ts";
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
  return inFlight(atOnce, places, async (place) => {
    return { place, offer: await find(wishOf(config, place)) };
  });
}

/** Pull requests of ours. */
export interface OwnPulls {
  readonly proposed: Proposed;
  /** They matter only where something is offered that no open one proposes. */
  readonly closed: readonly PullRequest[];
}

/** The branches of the units in which something is offered that no open pull request of ours proposes. */
export function freshBranches(
  survey: Survey,
  offers: readonly Offered[],
  proposed: Proposed,
): readonly string[] {
  const fresh = new Set(
    offers.filter((offered) => isNew(offered, proposed)).map(({ place }) => place.occurrence),
  );
  if (fresh.size === 0) return [];
  const units = unitsOf(decide(survey, offers, { proposed, closed: [] }), survey.config.pulls.group);
  return units
    .filter(({ bumps }) => bumps.some(({ occurrence }) => fresh.has(occurrence)))
    .map(({ branch }) => branch);
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
    const { to, kind, reason, waits } = offer.value;
    if (to === null || kind === null) {
      const kept = waits === undefined ? null : keptWaiting(survey, place, proposed, waits);
      return { ...place, decision: kept ?? { type: "none", reason } };
    }
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
  return kept(survey, place, proposed.from(place.occurrence), reason) ?? { type: "unknown", reason };
}

/** What is proposed already goes on being so. */
function kept(survey: Survey, place: ImagePlace, to: ImageValue | null, reason: string): Decision | null {
  if (to === null) return null;
  const kind = stepKind(survey, place, place.occurrence.tag, to) ?? "tag";
  return { type: "bump", to, kind, why: reason, unanswered: reason };
}

/** Null where the policy sees no step forward from a tag to a value. */
function stepKind(
  { config }: Survey,
  place: ImagePlace,
  current: string | null,
  { tag }: ImageValue,
): ChangeKind | null {
  const { policy } = wishOf(config, place);
  const written = { ...policy, part: undefined };
  const choice = chooseTag({ current, tags: tag === null ? [] : [tag] }, written);
  return choice.ok ? choice.value.kind : null;
}

/**
 * A pull request for what has been promoted before stays open while the next thing is tried there; it goes where that
 * environment is no longer healthy, or has gone back to something older.
 */
function keptWaiting(
  survey: Survey,
  place: ImagePlace,
  proposed: Proposed,
  { runs, patient, reason }: PromotionWait,
): Decision | null {
  const to = proposed.from(place.occurrence);
  const goneBack = to !== null && runs !== null && stepKind(survey, place, runs.tag, to) !== null;
  return patient && !goneBack ? kept(survey, place, to, reason) : null;
}

function heldReason({ value, pull, reason }: Hold): string {
  const how = reason === "closed" ? `#${pull} was closed` : `#${pull} was merged and taken back`;
  return `${valueText(value)} is held, as ${how}; a later version ends that.`;
}
