/** What has to happen to the pull requests that are open so that they are the ones that should be. */

import type { PullRequest } from "../model/pull.ts";
import { editedBody } from "./body-notices.ts";
import { type Setting, pullText } from "./body.ts";
import { type BumpMarker, bumpRecords, goesOn, isOver, readBumpMarker } from "./bump-marker.ts";
import { rootBranch } from "./branch.ts";
import { type Family, type Place, asOpened, familiesOf, siblingOf } from "./family.ts";
import type { OpenPull } from "./open-pull.ts";
import type { Unit } from "./unit.ts";

/**
 * - `open`: branch and pull request. `refresh`: build the branch anew on the base. `describe`: only the text has changed.
 * - `warn`: say that somebody else's commits are left alone, and where it goes on. `close`: it has no purpose any more.
 * - `leave`: it is as it should be, or nothing can be said now. `wait`: wanted, but not now.
 */
export type Action =
  | { readonly type: "open"; readonly unit: Unit }
  | { readonly type: "refresh"; readonly unit: Unit; readonly pull: PullRequest; readonly reason: string }
  | {
      readonly type: "describe";
      readonly unit: Unit;
      readonly pull: PullRequest;
      readonly marker: BumpMarker;
    }
  | { readonly type: "warn"; readonly pull: PullRequest; readonly continued?: number }
  | { readonly type: "close"; readonly pull: PullRequest; readonly reason: string }
  | { readonly type: "leave"; readonly pull: PullRequest; readonly reason: string }
  | {
      readonly type: "wait";
      readonly unit: Unit;
      readonly reason: string;
      /** Whether a person may have it opened all the same. */
      readonly openable: boolean;
    };

export interface Situation {
  readonly units: readonly Unit[];
  readonly pulls: readonly OpenPull[];
  /** Hash of the lines of the default branch on which places stand and of those next to them. */
  readonly linesHash: (places: readonly Place[]) => string;
  /** Most pull requests of ours that may be open. */
  readonly limit: number;
  /** Why a pull request cannot be opened for a unit; null when it can. */
  readonly obstacle: (unit: Unit) => string | null;
  /** Why none is opened at this time of the week; null when they are. */
  readonly shut: string | null;
  /** A pull request that a person wants built anew, whatever stands on its branch. */
  readonly rebuild?: number;
  /** The branch of a unit that a person wants opened now, whatever the limit and the hours say. */
  readonly openNow?: string;
  /** What the texts of pull requests are made of. */
  readonly setting: Setting;
}

/** One action for each open pull request and for each unit that has none, closing first so that there is room to open. */
export function reconcile(situation: Situation): readonly Action[] {
  const { units, pulls, limit } = situation;
  const families = familiesOf(pulls);
  const kept = [...families.values()].flatMap((family) =>
    family.map((open) => actionFor(open, family, situation)),
  );
  const siblings = units.flatMap(
    (unit) => siblingOf(unit, families.get(unit.branch) ?? [], situation.linesHash) ?? [],
  );
  const closing = kept.filter((action) => action.type === "close");
  let room = limit - (kept.length - closing.length);
  const opened = [...unopened(units, pulls), ...siblings].map((unit): Action => {
    const obstacle = situation.obstacle(unit);
    if (obstacle !== null) return { type: "wait", unit, reason: obstacle, openable: false };
    const wait = (reason: string): Action => ({ type: "wait", unit, reason, openable: true });
    const asked = situation.openNow === unit.branch;
    if (situation.shut !== null && !asked) return wait(situation.shut);
    room -= 1;
    return room < 0 && !asked ? wait(`The limit is ${limit} open at once.`) : { type: "open", unit };
  });
  return [...closing, ...kept.filter((action) => action.type !== "close"), ...opened];
}

/** Units that want a pull request and have none. */
export function unopened(units: readonly Unit[], pulls: readonly OpenPull[]): readonly Unit[] {
  const taken = new Set(pulls.map(({ pull }) => rootBranch(pull.headBranch)));
  return units.filter((unit) => unit.bumps.length > 0 && !taken.has(unit.branch));
}

function actionFor(open: OpenPull, family: Family, situation: Situation): Action {
  const { pull, tip, uprooted } = open;
  const newest = family.at(-1)?.pull.number ?? pull.number;
  const root = situation.units.find(({ branch }) => branch === rootBranch(pull.headBranch));
  const marker = readBumpMarker(pull.body);
  const forced = situation.rebuild === pull.number;
  if (tip === "foreign" && !forced) return edited(pull, marker, newest === pull.number ? undefined : newest);
  if (newest !== pull.number) return { type: "close", pull, reason: `It goes on in #${newest}.` };
  if (root === undefined)
    return { type: "close", pull, reason: "The images that it moves are no longer in these places." };
  const unit = asOpened(root, family, open);
  if (unit.bumps.length === 0 && unit.unknown !== null) return { type: "leave", pull, reason: unit.unknown };
  if (unit.bumps.length === 0)
    return { type: "close", pull, reason: unit.settled[0] ?? "There is nothing to move." };
  if (forced) return { type: "refresh", unit, pull, reason: "asked for" };
  if (uprooted === true) return { type: "refresh", unit, pull, reason: "the default branch was rewritten" };
  return compared(unit, open, marker, situation);
}

function edited(pull: PullRequest, marker: BumpMarker | undefined, continued: number | undefined): Action {
  const told =
    marker === undefined
      ? editedBody(pull.body, pull.headSha, continued).trim() === pull.body.trim()
      : marker.edited === pull.headSha && marker.continued === continued && !isOver(marker);
  if (told) return { type: "leave", pull, reason: "somebody else pushed to it" };
  return { type: "warn", pull, ...(continued === undefined ? {} : { continued }) };
}

/** The content of a branch is a function of the chosen values and of the lines of the base: either may have changed. */
function compared(
  unit: Unit,
  { pull, unsealed }: OpenPull,
  marker: BumpMarker | undefined,
  situation: Situation,
): Action {
  const refresh = (reason: string): Action => ({ type: "refresh", unit, pull, reason });
  if (marker === undefined || marker.commit !== pull.headSha) return refresh("its branch is not described");
  if (JSON.stringify(bumpRecords(unit.bumps)) !== JSON.stringify(marker.bumps))
    return refresh("other values are wanted");
  if (situation.linesHash(marker.bumps) !== marker.lines)
    return refresh("the default branch has changed its lines");
  const told = unit.unknown !== null || pullText(unit, situation.setting).hash === marker.text;
  if (!told || isOver(marker) || unsealed === true)
    return { type: "describe", unit, pull, marker: { ...marker, ...goesOn } };
  return { type: "leave", pull, reason: "it is as it should be" };
}
