/** From what a scan found and did to the facts that a dashboard tells. */

import { appProblems } from "../../config/apps.ts";
import { shortDigest, valueText } from "../../manifests/image-value.ts";
import type { ImageValue } from "../../model/update.ts";
import { moveTitle, titleOf } from "../../plan/body-summary.ts";
import type { DashboardFacts, OpenBump, WaitingBump, YoungImage } from "../../plan/dashboard-facts.ts";
import type { OpenPull } from "../../plan/open-pull.ts";
import type { Action } from "../../plan/reconcile.ts";
import type { JudgedPlace, Offered } from "../scan/scan-decide.ts";
import type { Survey } from "../scan/scan-survey.ts";

/** One scan, as far as it came. */
export interface Scanned {
  readonly survey: Survey;
  /** For the places that may be proposed. */
  readonly proposable: readonly Offered[];
  /** For those that are only looked at. */
  readonly observed: readonly Offered[];
  readonly judged: readonly JudgedPlace[];
  readonly pulls: readonly OpenPull[];
  readonly actions: readonly Action[];
  /** Numbers of the pull requests that it opened, by branch. */
  readonly opened: ReadonlyMap<string, number>;
}

export function reportOf(scanned: Scanned, paused: DashboardFacts["paused"]): DashboardFacts {
  const { survey, proposable, observed, judged } = scanned;
  const all = [...proposable, ...observed];
  return {
    problems: [],
    paused,
    overlaps: appProblems(survey.apps),
    apps: survey.apps.map((app) => ({
      app,
      images: all.filter(({ place }) => place.app.path === app.path).length,
    })),
    open: openBumps(scanned),
    waiting: [...waitingBumps(scanned), ...promotions(scanned)],
    young: youngImages(all),
    held: judged.flatMap(({ occurrence, hold }) =>
      hold === undefined
        ? []
        : [{ ...hold, image: occurrence.image, value: shortValue(hold.value), file: occurrence.file }],
    ),
    observed: observed.map(({ place: { occurrence }, offer }) => ({
      place: `${occurrence.file}:${occurrence.line}`,
      image: occurrence.image,
      from: shortValue(occurrence),
      to: offer.ok && offer.value.to !== null ? shortValue(offer.value.to) : null,
    })),
    failing: all.flatMap(({ place: { image }, offer }) =>
      offer.ok ? [] : [{ registry: image.registry, image: image.name, code: offer.failure.code }],
    ),
    untracked: survey.untracked,
  };
}

/** Of a configuration that is not understood. */
export function reportOfProblems(
  problems: DashboardFacts["problems"],
  paused: DashboardFacts["paused"],
): DashboardFacts {
  const nothing = { overlaps: [], apps: [], open: [], waiting: [], young: [], held: [], observed: [] };
  return { ...nothing, problems, paused, failing: [], untracked: [] };
}

function openBumps({ actions, pulls, opened }: Scanned): readonly OpenBump[] {
  const foreign = new Set(pulls.flatMap(({ pull, tip }) => (tip === "foreign" ? pull.number : [])));
  return actions.flatMap((action): readonly OpenBump[] => {
    if (action.type === "close" || action.type === "wait") return [];
    if (action.type === "open") {
      const number = opened.get(action.unit.branch);
      return number === undefined ? [] : [{ number, title: titleOf(action.unit), edited: false }];
    }
    const { number, title } = action.pull;
    const rebuilt = action.type === "refresh" || action.type === "describe";
    const shown = rebuilt ? titleOf(action.unit) : title;
    return [{ number, title: shown, edited: foreign.has(number) && !rebuilt }];
  });
}

function waitingBumps({ actions, opened }: Scanned): readonly WaitingBump[] {
  return actions.flatMap((action): readonly WaitingBump[] => {
    if (action.type !== "wait" && action.type !== "open") return [];
    const { branch } = action.unit;
    if (opened.has(branch)) return [];
    const title = titleOf(action.unit);
    if (action.type === "open") {
      const reason = "It could not be opened; that is tried again at the next scan.";
      return [{ branch, title, reason, openable: false }];
    }
    return [{ branch, title, reason: action.reason, openable: action.openable }];
  });
}

/** What waits for another environment, but for what has a pull request all the same. */
function promotions({ proposable, judged }: Scanned): readonly WaitingBump[] {
  const rows = proposable.flatMap(({ place: { occurrence, app }, offer }, index): readonly WaitingBump[] => {
    const waits = offer.ok ? offer.value.waits : undefined;
    if (waits === undefined || judged[index]?.decision.type === "bump") return [];
    const title = moveTitle(occurrence.image, waits.wanted, app.environment);
    return [{ branch: "", title, reason: waits.reason, openable: false }];
  });
  return [...new Map(rows.map((row) => [`${row.title} ${row.reason}`, row])).values()];
}

/** The latest tag of each image and environment; earlier ones that wait as well are of no interest then. */
function youngImages(offers: readonly Offered[]): readonly YoungImage[] {
  const young = offers.flatMap(({ place, offer }): readonly YoungImage[] => {
    const latest = offer.ok ? offer.value.awaits?.[0] : undefined;
    if (latest === undefined) return [];
    return [{ image: place.occurrence.image, environment: place.app.environment, ...latest }];
  });
  return [...new Map(young.map((one) => [keyOf(one), one])).values()];
}

function keyOf({ image, tag, environment }: YoungImage): string {
  return JSON.stringify([image, tag, environment]);
}

/** The tag where there is one, else the begin of the digest; of a pinned tag both. */
function shortValue({ tag, digest }: ImageValue): string {
  return valueText({ tag, digest: digest === null ? null : shortDigest(digest) });
}
