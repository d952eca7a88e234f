/** The registry that values of a chart set for all of its images. */

import { type Cursor, descend, textOf } from "./cursor.ts";
import { isHosted } from "./image-text.ts";
import { joinRegistry } from "./read-place.ts";
import type { Place } from "./shape.ts";

/** Where charts have the registry of all their images: Istio's, a `docker` beside the programs, and Bitnami's. */
const registryPaths = [
  ["global", "hub"],
  ["docker", "registry"],
  ["global", "imageRegistry"],
] as const;

interface CommonRegistry {
  readonly text: string;
  readonly isSure: boolean;
}

/** Null where the values have none. */
export function registryOf(values: Cursor): CommonRegistry | null {
  for (const path of registryPaths) {
    const text = textOf(descend(values, path)) ?? "";
    if (text !== "") return { text, isSure: path[1] !== "imageRegistry" || !text.includes("/") };
  }
  return null;
}

/**
 * A name that says no registry itself is one of the registry for all. Where that has a path, only the templates of the chart
 * tell which images it stands before.
 */
export function inRegistry(place: Place, { text, isSure }: CommonRegistry): Place {
  if (place.type === "parts" && !isHosted(place.image))
    return isSure ? { ...place, image: joinRegistry(text, place.image) } : unsure(place.tag ?? place.map);
  const isBare = place.type === "reference" && !place.registry && !isHosted(textOf(place.at) ?? "");
  if (place.type !== "reference" || !isBare) return place;
  return isSure ? { ...place, registry: text } : unsure(place.at);
}

function unsure({ node }: Cursor): Place {
  return { type: "skipped", at: node, reason: "in a registry that the values may set for all images" };
}
