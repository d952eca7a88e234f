/** Looks at the images behind the tags that a policy allows by name, the latest first, until one may be taken. */

import { type Failure, type Result, ok } from "../../model/failure.ts";
import { type ImageReference, imageKey } from "../../model/image.ts";
import type { FirstSeen } from "../../plan/first-seen.ts";
import type { Registry } from "../../ports/registry.ts";
import {
  type ImageFacts,
  type ImageNeeds,
  countedAge,
  refuseImage,
  withoutRefused,
} from "../../tags/admission.ts";
import type { ImagePolicy } from "../../tags/policy.ts";
import type { Refusal, TagChoice } from "../../tags/tag-choice.ts";

/** The parts of a registry that tell of one image, and the time at which it is judged. */
export interface ImageReader extends Pick<Registry, "resolve" | "platforms" | "created"> {
  readonly now: Date;
  /** Absent where nothing is remembered from one scan to the next. */
  readonly firstSeen?: FirstSeen;
}

/** A tag that would be taken now if its image were older. */
export interface Awaited {
  readonly tag: string;
  /** When it is old enough, in seconds since 1970. */
  readonly until: number;
}

export interface Judged {
  readonly choice: TagChoice;
  /** Later than the chosen one, the latest first. */
  readonly awaits: readonly Awaited[];
  /** Of the chosen tag, where the reference has one or is to have one. */
  readonly digest: string | null;
}

/** More are not looked at: each costs a request, and a team whose twenty latest images are all refused is to hear of it. */
const mostLookedAt = 20;

/**
 * Refuses followers whose images are too young, lack a platform or cannot be read. A registry that fails otherwise is a
 * failure: nothing is said then.
 */
export async function admitImage(
  reader: ImageReader,
  { image, policy }: { readonly image: ImageReference; readonly policy: ImagePolicy },
  choice: TagChoice,
): Promise<Result<Judged>> {
  if (choice.chosen === null) return ok({ choice, awaits: [], digest: null });
  const needs = await needsOf(reader, image, policy);
  if (!needs.ok) return needs;
  const digested =
    image.digest !== undefined || policy.policy.type === "digest" || policy.digests !== undefined;
  const refused = new Map<string, Refusal>();
  const awaits: Awaited[] = [];
  for (const [index, { tag }] of choice.followers.entries()) {
    if (index >= mostLookedAt) refused.set(tag, unseen);
    else {
      const seen = await look(reader, { image, tag, digested }, needs.value);
      if (!seen.ok) return seen;
      const { digest, refusal, until } = seen.value;
      if (refusal === undefined) return ok({ choice: withoutRefused(choice, refused), awaits, digest });
      refused.set(tag, refusal);
      if (until !== undefined) awaits.push({ tag, until });
    }
  }
  return ok({ choice: withoutRefused(choice, refused), awaits, digest: null });
}

const unseen: Refusal = {
  verdict: "unreadable",
  reason: `was not looked at, as the ${mostLookedAt} before it were all refused`,
};

/** The platforms that are named, else those of the image in use; of one that is gone, or is no image, none are asked for. */
async function needsOf(
  reader: ImageReader,
  image: ImageReference,
  { tags, policy }: ImagePolicy,
): Promise<Result<ImageNeeds>> {
  const { minimumAgeSeconds, platforms } = tags;
  if (platforms !== null) return ok({ minimumAgeSeconds, platforms });
  const pinned = policy.type === "digest" && image.digest === undefined;
  if (pinned) return ok({ minimumAgeSeconds, platforms: [] });
  const current =
    image.digest === undefined ? await digestOf(reader, image, image.tag ?? "") : ok(image.digest);
  const own = current.ok ? await reader.platforms(image, current.value) : current;
  if (!own.ok && !isOfImage(own.failure)) return own;
  return ok({ minimumAgeSeconds, platforms: own.ok ? own.value : [] });
}

async function digestOf(reader: ImageReader, image: ImageReference, tag: string): Promise<Result<string>> {
  const manifest = await reader.resolve(image, tag);
  return manifest.ok ? ok(manifest.value.digest) : manifest;
}

interface Seen {
  readonly digest: string | null;
  readonly refusal?: Refusal;
  /** As in `Awaited`, where age is all that is missing. */
  readonly until?: number;
}

/** What is behind the tag is judged by its digest, so that it is the same image that is moved to. */
async function look(
  reader: ImageReader,
  { image, tag, digested }: { image: ImageReference; tag: string; digested: boolean },
  needs: ImageNeeds,
): Promise<Result<Seen>> {
  const asked = needs.platforms.length > 0 || needs.minimumAgeSeconds !== null;
  if (!asked && !digested) return ok({ digest: null });
  const digest = await digestOf(reader, image, tag);
  if (!digest.ok) return unreadable(digest.failure);
  const platforms = needs.platforms.length > 0 ? await reader.platforms(image, digest.value) : ok([]);
  if (!platforms.ok) return unreadable(platforms.failure);
  const ages = await agesOf(reader, { image, tag, digest: digest.value }, needs);
  if (!ages.ok) return unreadable(ages.failure);
  const refusal = refuseImage({ platforms: platforms.value, ...ages.value }, needs);
  const age = refusal?.verdict === "too-young" ? countedAge(ages.value) : null;
  const seen = { digest: digested ? digest.value : null, refusal };
  if (refusal === undefined || age === null) return ok(seen);
  const until = reader.now.getTime() / 1000 + (needs.minimumAgeSeconds ?? 0) - age;
  const reason = `${refusal.reason}, which it is from ${minuteText(until)} on`;
  return ok({ ...seen, refusal: { ...refusal, reason }, until });
}

/** `2026-11-25 08:00 UTC`, rounded up. */
function minuteText(seconds: number): string {
  const minute = new Date(Math.ceil(seconds / 60) * 60_000);
  return `${minute.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** In seconds; neither is asked for where any age will do. */
async function agesOf(
  { created, now, firstSeen }: ImageReader,
  { image, tag, digest }: { image: ImageReference; tag: string; digest: string },
  { minimumAgeSeconds }: ImageNeeds,
): Promise<Result<Pick<ImageFacts, "ageSeconds" | "seenSeconds">>> {
  if (minimumAgeSeconds === null) return ok({ ageSeconds: null, seenSeconds: null });
  const seenSeconds = firstSeen?.ageOf(imageKey(image), tag, digest) ?? null;
  const made = await created(image, digest);
  if (!made.ok) return made;
  const ageSeconds = made.value === null ? null : (now.getTime() - made.value.getTime()) / 1000;
  return ok({ ageSeconds, seenSeconds });
}

function unreadable(failure: Failure): Result<Seen> {
  if (!isOfImage(failure)) return { ok: false, failure };
  const reason = `could not be read: ${failure.message}`;
  return ok({ digest: null, refusal: { verdict: "unreadable", reason } });
}

/** Whether it is the image that is wrong, and not the way to it. */
export function isOfImage({ code }: Failure): boolean {
  return code === "not-found" || code === "malformed" || code === "unsupported" || code === "too-large";
}
