/** Units: the places that move together in one pull request. */

import { createHash } from "node:crypto";
import type { App } from "../model/app.ts";
import { type ImageReference, imageKey } from "../model/image.ts";
import type { Bump, ChangeKind, ImageValue, Occurrence } from "../model/update.ts";
import { branchName } from "./branch.ts";

/** An image in a file of an app. */
export interface ImagePlace {
  readonly occurrence: Occurrence;
  readonly app: App;
  readonly image: ImageReference;
  /** Lines that an edit of it changes, where there may be more than the occurrence's own. */
  readonly lines?: readonly number[];
}

/**
 * What is to become of a place. `unknown`: the registry did not answer, so that nothing can be said of it now, neither that
 * it should move nor that it should not. `why` and `reason` are one sentence for people.
 */
export type Decision =
  | {
      readonly type: "bump";
      readonly to: ImageValue;
      readonly kind: ChangeKind;
      readonly why: string;
      /** Why nothing newer could be looked for; absent where it could. */
      readonly unanswered?: string;
    }
  | { readonly type: "none"; readonly reason: string }
  | { readonly type: "unknown"; readonly reason: string };

export interface DecidedPlace extends ImagePlace {
  readonly decision: Decision;
}

/** A bump with its reason. */
export interface PlannedBump extends Bump {
  readonly why: string;
}

/** One pull request that may exist; without bumps it is one that need not. */
export interface Unit {
  readonly branch: string;
  readonly environment: string;
  /** Of its bumps, each once. */
  readonly apps: readonly App[];
  /** In the order of files and lines. */
  readonly bumps: readonly PlannedBump[];
  /** The open pull request to which somebody else has pushed, and in whose place this one is; absent where there is none. */
  readonly continues?: number;
  /** Why not everything is known of its places now; null when it is. */
  readonly unknown: string | null;
  /** Why its other places stay as they are, each reason once. */
  readonly settled: readonly string[];
}

/** What the body of one pull request has room to remember, in characters; the rest follows once it is merged. */
const rememberedLength = 40_000;

/** What shares a pull request: one image of an environment, one app, or all of an environment. */
export type Grouping = "image" | "app" | "environment";

/**
 * One unit for each image and environment, each app or each environment. What stands on the same or neighbouring lines of a
 * file shares one all the same, as two branches that change neighbouring lines conflict: so no two pull requests of ours do.
 * Whether anything is to be bumped has no part in it, hence a unit keeps its name as long as the files keep their lines.
 */
export function unitsOf(places: readonly DecidedPlace[], grouping: Grouping): readonly Unit[] {
  const { keyOf } = groupings[grouping];
  const owner = joinNeighbours(places, keyOf);
  const groups = new Map<string, DecidedPlace[]>();
  for (const place of places) {
    const key = rootOf(owner, keyOf(place));
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  return [...groups.values()]
    .map((group) => unitOf(group, groupings[grouping]))
    .toSorted((a, b) => (a.branch < b.branch ? -1 : 1));
}

interface KeyAndName {
  readonly keyOf: (place: ImagePlace) => string;
  readonly nameOf: (place: ImagePlace) => string;
}

const groupings: Readonly<Record<Grouping, KeyAndName>> = {
  image: {
    keyOf: ({ app, image }) => JSON.stringify([app.environment, imageKey(image)]),
    nameOf: ({ app, image }) => `${image.repository}-${app.environment}`,
  },
  app: {
    keyOf: ({ app }) => JSON.stringify(["app", app.path]),
    nameOf: ({ app }) => app.name,
  },
  environment: {
    keyOf: ({ app }) => JSON.stringify(["environment", app.environment]),
    nameOf: ({ app }) => app.environment,
  },
};

/** Union-find, as the parent of each key. */
function joinNeighbours(
  places: readonly ImagePlace[],
  keyOf: KeyAndName["keyOf"],
): ReadonlyMap<string, string> {
  const owner = new Map<string, string>();
  const lines = new Map<string, string>();
  for (const place of places) for (const line of lineKeys(place, 0)) lines.set(line, keyOf(place));
  for (const place of places) {
    for (const line of [...lineKeys(place, 0), ...lineKeys(place, -1)]) {
      const neighbour = lines.get(line);
      if (neighbour === undefined) continue;
      const [a = "", b = ""] = [keyOf(place), neighbour].map((key) => rootOf(owner, key)).toSorted();
      if (a !== b) owner.set(b, a);
    }
  }
  return owner;
}

function rootOf(owner: ReadonlyMap<string, string>, key: string): string {
  let root = key;
  for (let above = owner.get(root); above !== undefined; above = owner.get(root)) root = above;
  return root;
}

function lineKeys({ occurrence, lines }: ImagePlace, offset: number): readonly string[] {
  return (lines ?? [occurrence.line]).map((line) => JSON.stringify([occurrence.file, line + offset]));
}

function unitOf(places: readonly DecidedPlace[], { keyOf, nameOf }: KeyAndName): Unit {
  const ordered = places.toSorted(byPlace);
  const keys = [...new Set(places.map(keyOf))].toSorted();
  const named = ordered.find((place) => keyOf(place) === keys[0]);
  const environment = named?.app.environment ?? "";
  return {
    branch: branchName(named === undefined ? "" : nameOf(named), hash(keys)),
    environment,
    apps: [...new Set(ordered.flatMap(({ app, decision }) => (decision.type === "bump" ? app : [])))],
    bumps: remembered(ordered.flatMap(plannedBump)),
    unknown: ordered.map(({ decision }) => unknownReason(decision)).find((reason) => reason !== null) ?? null,
    settled: [
      ...new Set(ordered.flatMap(({ decision }) => (decision.type === "none" ? [decision.reason] : []))),
    ],
  };
}

function unknownReason(decision: Decision): string | null {
  if (decision.type === "bump") return decision.unanswered ?? null;
  return decision.type === "unknown" ? decision.reason : null;
}

function byPlace({ occurrence: a }: ImagePlace, { occurrence: b }: ImagePlace): number {
  return a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1;
}

function remembered(bumps: readonly PlannedBump[]): readonly PlannedBump[] {
  let length = 0;
  return bumps.filter(({ occurrence: { file, path, image }, from, to }) => {
    length += JSON.stringify([file, file, path, image, from, to]).length + 60;
    return length < rememberedLength;
  });
}

function plannedBump({ occurrence, decision }: DecidedPlace): readonly PlannedBump[] {
  if (decision.type !== "bump") return [];
  const { to, kind, why } = decision;
  return [{ occurrence, from: { tag: occurrence.tag, digest: occurrence.digest }, to, kind, why }];
}

function hash(keys: readonly string[]): string {
  return createHash("sha256").update(keys.join("\n")).digest("hex");
}
