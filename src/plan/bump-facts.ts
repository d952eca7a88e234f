/** What is known of the images that a pull request moves to, beyond their names: told to people, decided by nobody. */

import type { Release } from "../model/release.ts";
import type { ImageValue, Occurrence } from "../model/update.ts";

/** Words of whoever built the image; null for what it does not say, or what the registry did not tell in time. */
export interface BumpFacts {
  readonly built: Date | null;
  readonly digest: string | null;
  /** As `os/architecture[/variant]`. */
  readonly platforms: readonly string[];
  /** The page that compares the sources of the two images. */
  readonly compare: string | null;
  /** Releases of the sources after the one in use, the newest first. */
  readonly releases: readonly Release[];
}

/** The facts of a move of an image; undefined where none were looked up. */
export type FactsOf = (move: Move) => BumpFacts | undefined;

export interface Move {
  readonly occurrence: Pick<Occurrence, "image">;
  readonly from: ImageValue;
  readonly to: ImageValue;
}

export const noFacts: FactsOf = () => undefined;
