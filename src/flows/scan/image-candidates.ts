/** What images could become: one listing for each distinct image, then a choice for each place. */

import { type Failure, type Result, fail, ok } from "../../model/failure.ts";
import { type ImageReference, imageKey } from "../../model/image.ts";
import type { ChangeKind, ImageValue } from "../../model/update.ts";
import type { PromotionWait } from "../../plan/promotion.ts";
import type { TagList } from "../../ports/registry.ts";
import type { Threads } from "../../ports/threads.ts";
import type { ImagePolicy } from "../../tags/policy.ts";
import type { TagChoice, TagQuestion } from "../../tags/tag-choice.ts";
import { tagWritten } from "../../tags/written-part.ts";
import { type Awaited, type ImageReader, type Judged, admitImage } from "./image-admission.ts";
import { choose } from "./choose-task.ts";
import { inFlight } from "../in-flight.ts";
import { chooseNewestBuild } from "./newest-build.ts";
import type { World } from "../world.ts";

/** Listings, or choices, under way at the same time. */
export const atOnce = 8;

/** An image, with its tag and digest, and the policy that it follows. */
export interface ImageWish {
  readonly image: ImageReference;
  readonly policy: ImagePolicy;
  /** Why it follows none and is left alone; one sentence. */
  readonly refusal?: string;
}

/** Where an image could go; `to` is null where nowhere, and `reason` says why in either case. */
export interface ImageCandidate {
  readonly to: ImageValue | null;
  readonly kind: ChangeKind | null;
  readonly reason: string;
  /** Later tags that only have to become older; absent where there are none. */
  readonly awaits?: readonly Awaited[];
  /** What is offered waits for another environment; absent where it does not. */
  readonly waits?: PromotionWait;
}

/** Finds where an image could go. A failure is the registry's, or that of a policy that is none. */
export type FindCandidate = (wish: ImageWish) => Promise<Result<ImageCandidate>>;

/** What it takes to judge images. */
export type CandidateWorld = Pick<World, "registry" | "clock" | "threads"> & Pick<ImageReader, "firstSeen">;

/** Where an image could go if its registry had only these tags; nothing is listed. */
export function candidateAmong(
  { registry, clock, threads, firstSeen }: CandidateWorld,
  wish: ImageWish,
  tags: readonly string[],
): Promise<Result<ImageCandidate>> {
  const reader = { ...remembering(registry), now: clock.now(), firstSeen };
  const lists = new Map([[imageKey(wish.image), ok({ tags, dropped: 0 })]]);
  return chooser(reader, lists, threads)(wish);
}

/**
 * Lists every distinct image of these once; `listed` is told after each, for progress. An image without tag is not listed,
 * nor one of which only the digest is followed, or that is left alone.
 */
export async function listCandidates(
  world: CandidateWorld,
  wishes: readonly ImageWish[],
  listed: (done: number, all: number) => void = () => {},
): Promise<FindCandidate> {
  const { registry, clock, threads, firstSeen } = world;
  const tagged = wishes.filter(
    ({ image, policy, refusal }) =>
      image.tag !== undefined && policy.policy.type !== "digest" && refusal === undefined,
  );
  const distinct = [...new Map(tagged.map(({ image }) => [imageKey(image), image])).values()];
  let done = 0;
  const lists = await inFlight(atOnce, distinct, async (image) => {
    const list = await registry.tags(image);
    done += 1;
    listed(done, distinct.length);
    return [imageKey(image), list] as const;
  });
  const reader = { ...remembering(registry), now: clock.now(), firstSeen };
  return chooser(reader, new Map(lists), threads);
}

function chooser(
  reader: ImageReader,
  lists: ReadonlyMap<string, Result<TagList>>,
  threads: Threads,
): FindCandidate {
  const judge = remembered((question: TagQuestion, policy: ImagePolicy) =>
    judgeTags(threads, question, policy),
  );
  const tagsOf = new Map([...lists].map(([key, list]) => [key, list.ok ? list.value.tags : []]));
  return async ({ image, policy, refusal }) => {
    if (refusal !== undefined) return ok({ to: null, kind: null, reason: refusal });
    const list = lists.get(imageKey(image));
    if (list?.ok === false && policy.policy.type !== "digest") return list;
    const key = JSON.stringify([imageKey(image), image.tag, keyOf(policy)]);
    const tags = tagsOf.get(imageKey(image)) ?? [];
    const own = readerOfParts(reader, policy, tags);
    const choice = await (policy.policy.type === "newest-build"
      ? chooseNewestBuild({ ...own, threads }, { image, policy }, tags)
      : judge(key, { current: image.tag ?? null, tags }, policy));
    if (!choice.ok) return choice;
    const judged = await admitImage(own, { image, policy }, choice.value);
    if (!judged.ok) return judged;
    const { awaits } = judged.value;
    return ok({ ...candidateOf({ image, policy }, judged.value), ...(awaits.length > 0 && { awaits }) });
  };
}

/** What decides a choice; a rule of the configuration has more. */
function keyOf({ policy, tags, digests, part }: ImagePolicy): unknown {
  return [policy, tags, digests, part];
}

/** Where only a part of a tag is written, the registry is asked for the tag. */
function readerOfParts(reader: ImageReader, { part }: ImagePolicy, tags: readonly string[]): ImageReader {
  if (part === undefined) return reader;
  return { ...reader, resolve: (image, text) => reader.resolve(image, tagWritten(text, tags, part)) };
}

async function judgeTags(
  threads: Threads,
  question: TagQuestion,
  policy: ImagePolicy,
): Promise<Result<TagChoice>> {
  const choice = await threads.first(choose, { question, policy });
  if (choice.ok) return choice.value;
  const { code, message } = choice.failure;
  return fail(code, `judging its ${question.tags.length} tags ${message}`);
}

/** Tag and digest move together. Where the digest is followed beside a version, the reason says as well why no tag is newer. */
function candidateOf(
  { image, policy }: Pick<ImageWish, "image" | "policy">,
  { choice, digest }: Judged,
): ImageCandidate {
  const { chosen, kind, reason } = choice;
  if (chosen === null) return { to: null, kind: null, reason };
  if (kind !== "digest") return { to: { tag: chosen, digest }, kind, reason };
  const why = policy.policy.type === "digest" ? "" : `${reason} `;
  if (digest === image.digest) {
    return { to: null, kind: null, reason: `${why}${chosen} still has this digest.` };
  }
  const what = image.digest === undefined ? "is pinned to the digest that it has" : "has another digest";
  return { to: { tag: chosen, digest }, kind, reason: `${why}${chosen} ${what} now.` };
}

function remembering(registry: World["registry"]): Pick<ImageReader, "resolve" | "platforms" | "created"> {
  const resolve = remembered(registry.resolve.bind(registry));
  const platforms = remembered(registry.platforms.bind(registry));
  const created = remembered(registry.created.bind(registry));
  return {
    resolve: (image, tag) => resolve(`${imageKey(image)}:${tag}`, image, tag),
    platforms: (image, digest) => platforms(`${imageKey(image)}@${digest}`, image, digest),
    created: (image, digest) => created(`${imageKey(image)}@${digest}`, image, digest),
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
  return `It is not known where this image could go: ${failure.message}`;
}
