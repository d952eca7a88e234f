/** What happens in the registry. */

import { type Action, pick } from "./action.ts";
import { images } from "./manifest.ts";
import { placesOnBase } from "./run.ts";
import { isFollowed } from "./shelf.ts";

const versioned = images.filter(({ mutable }) => !mutable).map(({ name }) => name);

export const pushTag: Action = async ({ shelf }, [which, part]) => {
  const image = pick(versioned, which) ?? "a";
  const tag = shelf.fresh(image, part % 3);
  shelf.push(image, tag);
  return `${image}:${tag} is pushed`;
};

export const pushOldTag: Action = async ({ shelf }, [which, patch]) => {
  const image = pick(versioned, which) ?? "a";
  const tag = `1.0.${1 + (patch % 5)}`;
  if (shelf.digest(image, tag) !== undefined) return null;
  shelf.push(image, tag);
  return `${image}:${tag} is pushed`;
};

export const pushNoise: Action = async ({ shelf }, [which, kind]) => {
  const image = pick(versioned, which) ?? "a";
  const tag = pick(["9.0.0-rc.1", "latest", "9.0.0-alpine", "9", "sha-1234567"], kind) ?? "latest";
  shelf.push(image, tag);
  return `${image}:${tag} is pushed`;
};

export const deleteTag: Action = async ({ shelf }, [which]) => {
  const image = pick(versioned, which) ?? "a";
  const { tag } = shelf.latest(image);
  if (tag === "1.0.0") return null;
  shelf.remove(image, tag);
  return `${image}:${tag} is deleted from the registry`;
};

export const moveTag: Action = async ({ shelf }, [which]) => {
  const image = which % 2 === 0 ? "m" : "d";
  const { tag } = shelf.latest(image);
  shelf.push(image, tag);
  return `${image}:${tag} points at another digest`;
};

export const moveTagBack: Action = async (run, [which]) => {
  const place = pick(
    (await placesOnBase(run)).filter(({ image }) => isFollowed(image)),
    which,
  );
  if (place?.digest == null) return null;
  run.shelf.move(place.image, place.tag, place.digest);
  return `${place.image}:${place.tag} points at the digest again that runs in ${place.file}`;
};
