/** What the pull request that offers a configuration says, and what it remembers about itself. */

import { createHash } from "node:crypto";
import { z } from "zod";
import { inertProse, inertSpan } from "../text/inert.ts";
import { fitBlocks, fold, table } from "../text/markdown.ts";
import { makeMarker, readMarker } from "../text/marker.ts";
import type { Offer, OfferedApp } from "./onboarding.ts";

/** There is one for each repository. */
export const onboardingBranch = "lockkeeper/configure";
export const onboardingTitle = "Configure Lockkeeper";

const kind = "onboarding";

const onboardingMarker = z.object({
  /** The commit that we put at the tip of the branch, and that of the default branch below it. */
  commit: z.string(),
  base: z.string(),
  /** Hash of the configuration in it. */
  config: z.string(),
  /** Hash of the body that we wrote. */
  text: z.string(),
  /** A tip by somebody else, for which we no longer build this branch. */
  edited: z.string().optional(),
  /** Closed by ourselves: nobody has said no. */
  closed: z.literal(true).optional(),
});

export type OnboardingMarker = z.infer<typeof onboardingMarker>;

/** Undefined where there is none, or a person has broken it. */
export function readOnboardingMarker(body: string): OnboardingMarker | undefined {
  return onboardingMarker.safeParse(readMarker(body, kind)).data;
}

export interface OnboardingText {
  readonly config: string;
  /** Of the configuration and of the text: equal for equal offers. */
  readonly hashes: Pick<OnboardingMarker, "config" | "text">;
  readonly body: (built: Pick<OnboardingMarker, "commit" | "base">) => string;
}

export function onboardingText(offer: Offer): OnboardingText {
  const blocks = [first, appsTable(offer.apps), counts(offer), ...untracked(offer), ending];
  const hashes = { config: hashOf(offer.config), text: hashOf(blocks.join("\n\n")) };
  return {
    config: offer.config,
    hashes,
    body: (built) => fitBlocks(blocks, makeMarker(kind, { ...built, ...hashes })),
  };
}

/** Of a branch that somebody else has pushed to, `tip` being what they left there. */
export function editedOnboarding(body: string, tip: string): string {
  const rest = body.split("\n").filter((line) => !line.startsWith(edited));
  return noticed(rest.join("\n"), `${edited}, so Lockkeeper leaves it as it is.`, { edited: tip });
}

const edited = "> Somebody else has pushed to this branch";

/** Of one that we close, for a reason that makes it no refusal. */
export function closedOnboarding(body: string, reason: string): string {
  return noticed(body, `> Closed by Lockkeeper: ${inertProse(reason)}`, { closed: true });
}

/** A marker that a person has broken stays away. */
function noticed(body: string, notice: string, change: Partial<OnboardingMarker>): string {
  const marker = readOnboardingMarker(body);
  const lines = body.split(/\r?\n/).filter((line) => !line.trim().startsWith("<!-- lockkeeper:"));
  const ending = marker === undefined ? "" : makeMarker(kind, { ...marker, ...change });
  return fitBlocks([notice, lines.join("\n").trim()], ending);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

const first =
  "Merging this lets Lockkeeper open pull requests for newer images of what this repository deploys, by a configuration made from what was found in it.";

const mostApps = 40;

function appsTable(apps: readonly OfferedApp[]): string {
  const rows = apps.map(({ path, environment, images }) => [
    path === "." ? "the whole repository" : inertSpan(path, 120),
    inertSpan(environment, 60),
    imagesText(images),
  ]);
  return table(["App", "Environment", "Images"], rows, mostApps);
}

/** Up to three, and how many more. */
function imagesText(images: readonly string[]): string {
  if (images.length === 0) return "none now";
  const more = images.length > 3 ? ` and ${images.length - 3} more` : "";
  const shown = images.slice(0, 3).map((image) => inertSpan(image, 100));
  return `${shown.join(", ")}${more}`;
}

function counts({ tracked, untracked }: Offer): string {
  const left = untracked.reduce((sum, { count }) => sum + count, 0);
  const rest = left === 0 ? "" : `; ${placesText(left)} found and would not be`;
  return `**${tracked} image ${tracked === 1 ? "reference" : "references"}** would be followed${rest}.`;
}

function placesText(count: number): string {
  return count === 1 ? "1 more place was" : `${count} more places were`;
}

function untracked({ untracked: groups }: Offer): readonly string[] {
  if (groups.length === 0) return [];
  const rows = groups.map(({ reason, count, places }) => {
    const more = count > places.length ? ` and ${count - places.length} more` : "";
    const shown = places.map((place) => inertSpan(place, 120));
    return [inertProse(reason, 200), `${shown.join("<br>")}${more}`];
  });
  return [fold("What would not be followed, and why", table(["Why", "Where"], rows))];
}

const ending = [
  "**What happens then**\n",
  "- Merged: the next scan opens pull requests for newer images, ten at once at most, and an issue that shows what is open and what waits. Nothing is merged or applied by itself: mode `propose` opens pull requests and no more.",
  "- Not right yet: change the file in this branch. What you push stays as you left it.",
  "- Not wanted: close this. Lockkeeper then does nothing in this repository until its default branch has a file `.github/lockkeeper.yml`.",
].join("\n");
