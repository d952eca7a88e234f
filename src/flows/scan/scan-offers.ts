/** Asks the registries what the images of a commit could become, and comes back when there will be more to know. */

import { type Failure, type Result, ok } from "../../model/failure.ts";
import { imageKey } from "../../model/image.ts";
import { type Sighting, openLedger } from "../../plan/first-seen.ts";
import type { Proposed } from "../../plan/proposed.ts";
import { knownSightings } from "../dashboard/dashboard-issue.ts";
import { listCandidates } from "./image-candidates.ts";
import { type Offered, offersFor, wishOf } from "./scan-decide.ts";
import { promote } from "./scan-promotion.ts";
import type { Bench } from "./scan-write.ts";

export interface Offers {
  /** For the places that may be proposed. */
  readonly proposable: readonly Offered[];
  /** For those that are only looked at. */
  readonly observed: readonly Offered[];
  /** What is to be remembered of when images were first seen. */
  readonly sightings: readonly Sighting[];
}

/**
 * Fails only where GitHub does not tell when images were first seen, or what another environment runs; a registry that fails
 * stands in the offers. `proposed` is what is proposed already.
 */
export async function findOffers(bench: Bench, proposed: Proposed): Promise<Result<Offers>> {
  const { world, survey } = bench;
  const { places, observed, config } = survey;
  const wishes = [...places, ...observed].map((place) => wishOf(config, place));
  const aged = wishes.some(({ policy }) => policy.tags.minimumAgeSeconds !== null);
  const known = aged ? await knownSightings(bench) : ok([]);
  if (!known.ok) return known;
  const ledger = openLedger(known.value, world.clock.now());
  const looking = { ...world, firstSeen: ledger };
  const find = await listCandidates(looking, wishes);
  const promoting = { bench, proposed, looking };
  const proposable = await promote(promoting, await offersFor(config, places, find));
  if (!proposable.ok) return proposable;
  const found = { proposable: proposable.value, observed: await offersFor(config, observed, find) };
  const all = [...found.proposable, ...found.observed];
  const unjudged = new Set(all.flatMap(({ place, offer }) => (offer.ok ? [] : imageKey(place.image))));
  comeBack(bench, all);
  return ok({ ...found, sightings: ledger.sightings(unjudged) });
}

/** Nothing waits longer than this for a timer: it is the schedule that comes first then. */
const longestWaitSeconds = 86_400;

/**
 * A registry that asked for a pause is asked again after it, and an image is looked at again when it is old enough, or when
 * another environment has run it long enough.
 */
function comeBack({ world, repository }: Bench, offers: readonly Offered[]): void {
  const failures = offers.flatMap(({ offer }): Failure[] => (offer.ok ? [] : [offer.failure]));
  for (const message of new Set(failures.map((failure) => failure.message))) {
    world.log.warn({ repository: repository.id }, message);
  }
  const key = { flow: "scan", repository } as const;
  const pauses = failures.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? []);
  if (pauses.length > 0) world.queue.add(key, Math.max(...pauses));
  const now = world.clock.now().getTime() / 1000;
  const until = offers
    .flatMap(({ offer }) => (offer.ok ? [...(offer.value.awaits ?? []), offer.value.waits] : []))
    .flatMap((one) => one?.until ?? []);
  if (until.length === 0) return;
  world.queue.add(key, Math.min(longestWaitSeconds, Math.max(1, Math.ceil(Math.min(...until) - now))));
}
