/** What open pull requests of ours propose already. */

import { valueText } from "../manifests/image-value.ts";
import type { PullRequest } from "../model/pull.ts";
import type { ImageValue, Occurrence } from "../model/update.ts";
import { readBumpMarker } from "./bump-marker.ts";

/** Whether a place is proposed to move to a value: as long as that is open, nobody has said no to it. */
export type IsProposed = (occurrence: Occurrence, to: ImageValue) => boolean;

export function proposedBy(open: readonly PullRequest[]): IsProposed {
  const bumps = open.flatMap((pull) => readBumpMarker(pull.body)?.bumps ?? []);
  const known = new Set(bumps.map(({ file, path, image, to }) => JSON.stringify([file, path, image, to])));
  return ({ file, path, image }, to) => known.has(JSON.stringify([file, path, image, valueText(to)]));
}
