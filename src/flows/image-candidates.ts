/** What images could become: one listing for each distinct image, then a choice for each place. */

import { type Failure, type Result, ok } from "../model/failure.ts";
import { type ImageReference, imageKey } from "../model/image.ts";
import type { ChangeKind, ImageValue } from "../model/update.ts";
import type { Registry, TagList } from "../ports/registry.ts";
import { chooseTag } from "../tags/choose-tag.ts";
import { type TagRule, newestVersion } from "../tags/policy.ts";
import { mapBounded } from "./map-bounded.ts";

/** Listings under way at the same time. */
const atOnce = 8;

/** Where an image could go; `to` is null where nowhere, and `reason` says why in either case. */
export interface ImageCandidate {
  readonly to: ImageValue | null;
  readonly kind: ChangeKind | null;
  readonly reason: string;
}

/** Finds where an image, with its tag and digest, could go within a semver range or none. A failure is the registry's. */
export type FindCandidate = (image: ImageReference, semver: string | null) => Promise<Result<ImageCandidate>>;

/** Lists every distinct image of these once; `listed` is told after each, for progress. An image without tag is not listed. */
export async function listCandidates(
  registry: Registry,
  images: readonly ImageReference[],
  listed: (done: number, all: number) => void = () => {},
): Promise<FindCandidate> {
  const tagged = images.filter((image) => image.tag !== undefined);
  const distinct = [...new Map(tagged.map((image) => [imageKey(image), image])).values()];
  let done = 0;
  const lists = await mapBounded(distinct, atOnce, async (image) => {
    const list = await registry.tags(image);
    done += 1;
    listed(done, distinct.length);
    return [imageKey(image), list] as const;
  });
  return chooser(registry, new Map(lists));
}

function chooser(registry: Registry, lists: ReadonlyMap<string, Result<TagList>>): FindCandidate {
  const choose = remembered(chooseTag);
  const resolve = remembered(registry.resolve.bind(registry));
  const tagsOf = new Map([...lists].map(([key, list]) => [key, list.ok ? list.value.tags : []]));
  return async (image, semver) => {
    const list = lists.get(imageKey(image));
    if (list?.ok === false) return list;
    const key = JSON.stringify([imageKey(image), image.tag, semver]);
    const tags = tagsOf.get(imageKey(image)) ?? [];
    const rule: TagRule = { ...newestVersion, policy: { type: "semver", range: semver, dialect: "node" } };
    const choice = choose(key, { current: image.tag ?? null, tags }, rule);
    if (!choice.ok) return choice;
    const { chosen, kind, reason } = choice.value;
    if (chosen === null) return ok({ to: null, kind: null, reason });
    if (image.digest === undefined) return ok({ to: { tag: chosen, digest: null }, kind, reason });
    // Runtimes go by the digest: a tag that moved alone would change nothing.
    const manifest = await resolve(`${imageKey(image)}:${chosen}`, image, chosen);
    return manifest.ok ? ok({ to: { tag: chosen, digest: manifest.value.digest }, kind, reason }) : manifest;
  };
}

/** Asks once for each key. */
function remembered<A extends readonly unknown[], R>(
  ask: (...about: A) => R,
): (key: string, ...about: A) => R {
  const answers = new Map<string, R>();
  return (key, ...about) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(...about);
    answers.set(key, answer);
    return answer;
  };
}

/** Why an image could not be judged, for people. */
export function failureReason(failure: Failure): string {
  return `The registry did not tell: ${failure.message}`;
}
