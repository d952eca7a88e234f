/** Looks whether the images of a commit still are what was reviewed: a tag that points elsewhere now stops it. */

import { imageKey, parseImageReference } from "../../model/image.ts";
import { addressOf } from "../../model/resource.ts";
import { podImages } from "../../rollout/pod-images.ts";
import type { PlannedObject } from "./deploy-plan.ts";
import { concurrency } from "./deploy-prepare.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { inFlight } from "../in-flight.ts";

/**
 * One sentence for each image written with tag and digest whose tag is another digest by now. What runs already is not new,
 * and a registry that does not answer proves nothing: it is logged, and the digest that was reviewed is what runs.
 */
export async function movedImages(
  world: DeployWorld,
  changed: readonly PlannedObject[],
): Promise<readonly string[]> {
  const used = new Map<string, PlannedObject[]>();
  for (const planned of changed) {
    for (const image of podImages(planned.object)) used.set(image, [...(used.get(image) ?? []), planned]);
  }
  const looks = await inFlight(concurrency, [...used], ([image, users]) => movedImage(world, image, users));
  return looks.flat();
}

async function movedImage(
  world: DeployWorld,
  text: string,
  users: readonly PlannedObject[],
): Promise<readonly string[]> {
  const parsed = parseImageReference(text);
  if (!parsed.ok || parsed.value.tag === undefined || parsed.value.digest === undefined) return [];
  const { tag, digest } = parsed.value;
  const now = await world.registry.resolve(parsed.value, tag);
  if (!now.ok) {
    const image = imageKey(parsed.value);
    world.log.warn({ image, tag, code: now.failure.code }, "the reviewed digest could not be compared");
    return [];
  }
  if (now.value.digest === digest) return [];
  const moved: string[] = [];
  for (const { object, entry } of users) {
    const live = await world.cluster.get(addressOf(object));
    if (live.ok && podImages(live.value).includes(text)) continue;
    const place = `${entry.file}:${entry.line}`;
    moved.push(
      `${place}: ${parsed.value.name}:${tag} was reviewed as ${digest} and is ${now.value.digest} now`,
    );
  }
  return moved;
}
