/** Turns what the registry offers to an environment into what the environment before it runs healthy. */

import type { AppPromotion } from "../../config/promotions.ts";
import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { ImageValue } from "../../model/update.ts";
import { type PromotionWait, soak, waitFor, waitForImage, waitForNewer } from "../../plan/promotion.ts";
import type { Proposed } from "../../plan/proposed.ts";
import { type CandidateWorld, type ImageCandidate, candidateAmong } from "./image-candidates.ts";
import { inFlight } from "../in-flight.ts";
import { type Predecessor, predecessorsOf } from "./predecessor.ts";
import { type Offered, isNew, wishOf } from "./scan-decide.ts";
import type { Bench } from "./scan-write.ts";

/** Places judged at the same time. */
const atOnce = 4;

interface Promoting {
  readonly bench: Bench;
  readonly proposed: Proposed;
  /** Registries, and what is remembered of when images were first seen. */
  readonly looking: CandidateWorld;
}

/**
 * Every other offer stays as it is. GitHub is asked only about apps that something is offered to, and anew before something
 * that no open pull request proposes is let through; fails as that does.
 */
export async function promote(
  promoting: Promoting,
  offers: readonly Offered[],
): Promise<Result<readonly Offered[]>> {
  const before = predecessorsOf(promoting.bench);
  const judged = await inFlight(atOnce, offers, (offered) => promoteOne(promoting, before, offered));
  const promoted: Offered[] = [];
  for (const one of judged) {
    if (!one.ok) return one;
    promoted.push(one.value);
  }
  return ok(promoted);
}

async function promoteOne(
  promoting: Promoting,
  before: Predecessor,
  offered: Offered,
): Promise<Result<Offered>> {
  const { place, offer } = offered;
  const promotion = promoting.bench.survey.promotions.get(place.app.path);
  if (promotion === undefined || !offer.ok || offer.value.to === null) return ok(offered);
  const subject = { ...promoting, before, promotion, place, candidate: offer.value, to: offer.value.to };
  const remembered = await candidateOf(subject, false);
  if (!remembered.ok) return remembered;
  const first = { place, offer: remembered.value };
  if (!isNew(first, promoting.proposed)) return ok(first);
  const anew = await candidateOf(subject, true);
  return anew.ok ? ok({ place, offer: anew.value }) : anew;
}

interface Subject extends Promoting {
  readonly before: Predecessor;
  readonly promotion: AppPromotion;
  readonly place: Offered["place"];
  readonly candidate: ImageCandidate;
  readonly to: ImageValue;
}

/** The outer failure is GitHub's, the inner one the registry's. */
async function candidateOf(subject: Subject, fresh: boolean): Promise<Result<Offered["offer"]>> {
  const { before, promotion, place, to } = subject;
  const app = promotion.before;
  const wait = (reason: string, patient = false): Result<Offered["offer"]> =>
    ok(ok(waiting(subject, { reason, wanted: to, runs: null, patient })));
  if (app === null) return wait(waitFor(promotion, { type: "nothing" }));
  const standing = await before.standing(app, fresh);
  if (!standing.ok) return standing;
  if (standing.value.type !== "healthy") {
    return wait(waitFor(promotion, standing.value), standing.value.type === "deploying");
  }
  const values = await before.values(app, standing.value.sha, place.image);
  if (!values.ok) return values;
  const [runs, ...others] = values.value;
  if (runs === undefined || others.length > 0) return wait(waitForImage(promotion, values.value));
  return offerOf(subject, app, runs, standing.value.since);
}

/** What the app before runs, where the policy of this one lets it through as a step forward and it has run long enough. */
async function offerOf(
  subject: Subject,
  app: App,
  runs: ImageValue,
  since: Date,
): Promise<Result<Offered["offer"]>> {
  const { promotion, to } = subject;
  const step = await stepTo(subject, runs);
  if (!step.ok) return ok(step);
  const { value: candidate } = step;
  if (candidate.to === null) {
    const reason = waitForNewer(promotion, runs, to);
    const wait = waiting(subject, { reason, wanted: to, runs, patient: true });
    return ok(ok({ ...wait, ...(candidate.awaits !== undefined && { awaits: candidate.awaits }) }));
  }
  const soaking = await soakOf(subject, app, runs, since);
  if (!soaking.ok) return soaking;
  const reason = `${candidate.reason} ${promotion.from} runs it.`;
  if (soaking.value === null) return ok(ok({ ...candidate, reason }));
  return ok(ok(waiting(subject, { ...soaking.value, wanted: candidate.to, runs, patient: true })));
}

/** How long it has run that is only asked where its newest deployment is too young to tell. */
async function soakOf(
  { bench, before, promotion, place: { image } }: Subject,
  app: App,
  runs: ImageValue,
  since: Date,
): Promise<Result<ReturnType<typeof soak>>> {
  const now = bench.world.clock.now();
  if (soak(promotion, runs, since, now) === null) return ok(null);
  const longEnough = new Date(now.getTime() - promotion.healthySeconds * 1000);
  const earliest = await before.since(app, { image, value: runs, since }, longEnough);
  return earliest.ok ? ok(soak(promotion, runs, earliest.value, now)) : earliest;
}

async function stepTo(
  { looking, bench, place, candidate, to }: Subject,
  runs: ImageValue,
): Promise<Result<ImageCandidate>> {
  const same = runs.tag === to.tag && runs.tag !== null;
  const found = same
    ? ok(candidate)
    : runs.tag === null
      ? ok(nowhere)
      : await candidateAmong(looking, wishOf(bench.survey.config, place), [runs.tag]);
  if (!found.ok || found.value.to === null) return found;
  const { kind } = found.value;
  // Digests have no order: only the very one that the registry offers now is known to be a step forward.
  if (kind === "digest") return ok(runs.digest === found.value.to.digest ? found.value : nowhere);
  const digest = found.value.to.digest === null ? null : (runs.digest ?? found.value.to.digest);
  return ok({ ...found.value, to: { tag: found.value.to.tag, digest } });
}

const nowhere: ImageCandidate = { to: null, kind: null, reason: "" };

function waiting({ candidate }: Subject, waits: PromotionWait): ImageCandidate {
  const { awaits } = candidate;
  return {
    to: null,
    kind: null,
    reason: waits.reason,
    waits,
    ...(awaits !== undefined && { awaits }),
  };
}
