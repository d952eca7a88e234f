/** Holds: versions that people have said no to, read back from our closed pull requests. Nothing else remembers them. */

import { readValue, valueText } from "../manifests/image-value.ts";
import type { PullRequest } from "../model/pull.ts";
import type { ImageValue, Occurrence } from "../model/update.ts";
import { chooseTag } from "../tags/choose-tag.ts";
import { type ImagePolicy, newestVersion } from "../tags/policy.ts";
import { type BumpRecord, bumpsAt, readBumpMarker } from "./bump-marker.ts";

/** "Not that version", for one image in one place. */
export interface Hold {
  readonly file: string;
  readonly path: string;
  readonly image: string;
  readonly value: ImageValue;
  /** The pull request that says so: closed without a merge, or merged and taken back since. */
  readonly pull: number;
  readonly reason: "closed" | "reverted";
}

/** A place on the default branch, with the policy that says which of its versions is later; default: the newest version. */
export interface Standing extends Occurrence {
  readonly policy?: ImagePolicy;
}

/**
 * The holds that closed pull requests of ours make, given what stands on the default branch now. One that was closed
 * unmerged holds its versions, unless we closed it ourselves; one that was merged does where the default branch has an older
 * version again.
 */
export function holdsOf(closed: readonly PullRequest[], present: readonly Standing[]): readonly Hold[] {
  return closed.flatMap((pull) => {
    const marker = readBumpMarker(pull.body);
    if (marker === undefined || !isHolding(pull)) return [];
    return bumpsAt(marker, pull.headSha).flatMap((record): readonly Hold[] => {
      const value = readValue(record.to);
      if (value === null || (pull.merged && !isReverted(record, value, present))) return [];
      const { file, path, image } = record;
      return [{ file, path, image, value, pull: pull.number, reason: pull.merged ? "reverted" : "closed" }];
    });
  });
}

/**
 * Whether a pull request that is not open says no to its versions: once merged, only where they are taken back; and not where
 * it went on in another one, which says it then.
 */
export function isHolding({ body, merged }: Pick<PullRequest, "body" | "merged">): boolean {
  const marker = readBumpMarker(body);
  if (marker === undefined || marker.resumed === true) return false;
  return merged || (marker.closed !== true && marker.continued === undefined);
}

/** Where no name tells which of two is later, what stood there before tells that it was taken back. */
function isReverted(record: BumpRecord, value: ImageValue, present: readonly Standing[]): boolean {
  const isBack = (now: Standing): boolean =>
    valueText(now) === record.from || isNewer(value, now, now.policy);
  return present.some((occurrence) => isAbout(record, occurrence, present) && isBack(occurrence));
}

/** The same image in the same place; or, where the document was rearranged, anywhere in the file. */
function isAbout(
  record: Pick<BumpRecord, "file" | "path" | "image">,
  { file, path, image }: Occurrence,
  present: readonly Standing[],
): boolean {
  if (record.file !== file || record.image !== image) return false;
  if (record.path === path) return true;
  return !present.some((other) => other.file === file && other.image === image && other.path === record.path);
}

/** Whether the one value is a later version than the other; of one tag, whether it is another digest. */
function isNewer(value: ImageValue, than: ImageValue, policy: ImagePolicy = newestVersion): boolean {
  if (value.tag === null || than.tag === null) return false;
  if (value.tag === than.tag) {
    return value.digest !== null && than.digest !== null && value.digest !== than.digest;
  }
  // What is compared is what stands in files, which is the part of a tag already where only a part is written.
  const written = { ...policy, part: undefined };
  const choice = chooseTag({ current: than.tag, tags: [value.tag] }, written);
  return choice.ok && choice.value.chosen === value.tag;
}

/**
 * The hold that forbids moving a place to a value: only a version later than every held one ends it. One of what the place can
 * no longer move to, as its policy or the line of its tags is another one now, forbids that alone and nothing before it.
 */
export function heldBy(
  holds: readonly Hold[],
  occurrence: Standing,
  to: ImageValue,
  present: readonly Standing[],
): Hold | undefined {
  const { policy } = occurrence;
  return holds.find((hold) => {
    if (!isAbout(hold, occurrence, present) || isNewer(to, hold.value, policy)) return false;
    return to.tag === hold.value.tag || isNewer(hold.value, occurrence, policy);
  });
}
