/** Chooses the tag whose image was made last: a team of Argo CD Image Updater can ask for that. */

import { type Result, ok } from "../../model/failure.ts";
import type { ImageReference } from "../../model/image.ts";
import type { Task, Threads } from "../../ports/threads.ts";
import { chooseByDate } from "../../tags/newest-build.ts";
import type { ImagePolicy, TagSettings } from "../../tags/policy.ts";
import type { TagChoice, TagQuestion } from "../../tags/tag-choice.ts";
import { type Sieved, sieve } from "../../tags/tag-filter.ts";
import { type ImageReader, isOfImage } from "./image-admission.ts";
import { inFlight } from "../in-flight.ts";

/** Each costs requests, and to look at a part of them would be another choice than the one that was asked for. */
const mostDated = 100;

/** Images read at the same time. */
const atOnce = 8;

/** What it takes: a registry to read dates from, and threads for patterns that others wrote. */
export type BuildReader = Pick<ImageReader, "resolve" | "created"> & { readonly threads: Threads };

/**
 * Reads the date of every tag that the settings leave, and of the current one; none where there are more than
 * `mostDated`. An image that cannot be read is skipped; a registry that fails otherwise is a failure.
 */
export async function chooseNewestBuild(
  reader: BuildReader,
  { image, policy }: { readonly image: ImageReference; readonly policy: ImagePolicy },
  tags: readonly string[],
): Promise<Result<TagChoice>> {
  const question = { current: image.tag ?? null, tags };
  const narrowed = await reader.threads.first(narrowTags, { question, settings: policy.tags });
  if (!narrowed.ok) return narrowed;
  const sieved = narrowed.value;
  if (!sieved.ok) return sieved;
  const { named } = sieved.value;
  if (named.length > mostDated) return ok(tooMany(sieved.value));
  const asked = new Set([...named.map(({ tag }) => tag), ...(image.tag === undefined ? [] : [image.tag])]);
  const dates = await inFlight(atOnce, [...asked], async (tag) => ({
    tag,
    date: await createdOf(reader, image, tag),
  }));
  const created = new Map<string, number>();
  for (const { tag, date } of dates) {
    if (!date.ok) return date;
    if (date.value !== null) created.set(tag, date.value.getTime());
  }
  return ok(chooseByDate(sieved.value, created));
}

interface NarrowInput {
  readonly question: TagQuestion;
  readonly settings: TagSettings;
}

export const narrowTags: Task<NarrowInput, Result<Sieved>> = {
  module: import.meta.url,
  name: "narrowTags",
  isSmall: ({ question }) => question.tags.length <= mostDated,
  run: ({ question, settings }) => [sieve(question, settings)],
};

/** By digest, as what a digest stands for never changes and is read once. */
async function createdOf(
  reader: BuildReader,
  image: ImageReference,
  tag: string,
): Promise<Result<Date | null>> {
  const manifest = await reader.resolve(image, tag);
  const created = manifest.ok ? await reader.created(image, manifest.value.digest) : manifest;
  return !created.ok && isOfImage(created.failure) ? ok(null) : created;
}

function tooMany({ named, refused, skipped }: Sieved): TagChoice {
  const counts = `${named.length} tags may be the newest build, and at most ${mostDated} are looked at`;
  return {
    chosen: null,
    reason: `${counts}: allow fewer of them by a pattern.`,
    kind: null,
    candidates: refused,
    followers: [],
    skipped: skipped + named.length,
    noun: "tag of a known date",
    outside: false,
  };
}
