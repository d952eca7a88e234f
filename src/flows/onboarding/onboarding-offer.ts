/** What a commit without a configuration is offered: made once per commit, in a thread. */

import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import { type FoundImage, type Offer, type OnboardingInput, offerFor } from "../../plan/onboarding.ts";
import type { Code } from "../../ports/forge.ts";
import type { Task } from "../../ports/threads.ts";
import { findImages } from "../scan/find-images.ts";
import type { World } from "../world.ts";

export const makeOffer: Task<OnboardingInput, Offer | null> = {
  module: import.meta.url,
  name: "makeOffer",
  isSmall: ({ paths, images }) => paths.length + images.length <= 500,
  run: (input) => [offerFor(input)],
};

/** The newest offer of each repository: a memory, so that an idle scan reads no file. */
const memory = new WeakMap<World, Map<number, { readonly sha: string; readonly offer: Offer | null }>>();

/** Null where nothing is offered, which is also so where that cannot be found out in time. */
export async function offerOf(
  world: World,
  repository: RepositoryRef,
  code: Code,
  sha: string,
): Promise<Result<Offer | null>> {
  const known = memory.get(world) ?? new Map<number, { sha: string; offer: Offer | null }>();
  memory.set(world, known);
  const last = known.get(repository.id);
  if (last?.sha === sha) return ok(last.offer);
  const snapshot = await code.snapshot(sha);
  if (!snapshot.ok) return snapshot;
  const { files } = snapshot.value;
  const images: FoundImage[] = [];
  const skipped: OnboardingInput["skipped"][number][] = [];
  const read = await findImages({ threads: world.threads, surroundings: { files } }, (_, found) => {
    for (const { file, line, image } of found.occurrences) images.push({ file, line, image });
    skipped.push(...found.skipped);
  });
  if (!read.ok) return read;
  const made = await world.threads.first(makeOffer, { paths: [...files.keys()], images, skipped });
  if (!made.ok && made.failure.code === "cancelled") return made;
  if (!made.ok)
    world.log.warn(
      { repository: repository.id, sha },
      `no configuration offered: it ${made.failure.message}`,
    );
  const offer = made.ok ? made.value : null;
  known.set(repository.id, { sha, offer });
  return ok(offer);
}
