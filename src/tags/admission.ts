/** Judges candidates by their images: age and platforms, which no name tells. */

import type { Candidate, Refusal, TagChoice } from "./tag-choice.ts";

/** What an image has to be. */
export interface ImageNeeds {
  /** Null: any age will do. */
  readonly minimumAgeSeconds: number | null;
  /** As `os/architecture[/variant]`; all of them. */
  readonly platforms: readonly string[];
}

/** What is known of an image. Ages are in seconds, null where nobody knows. */
export interface ImageFacts {
  /** By what the image says of itself, which its publisher can set at will. */
  readonly ageSeconds: number | null;
  /** Since we saw it first, which nobody can set; null where nothing remembers that, as on the command line. */
  readonly seenSeconds: number | null;
  readonly platforms: readonly string[];
}

/**
 * Why an image may not be moved to yet; undefined where it may. Of two ages the shorter counts: what an image says of itself
 * can make a wait longer and never cut it short, as whoever pushes a bad image sets that date too.
 */
export function refuseImage(facts: ImageFacts, needs: ImageNeeds): Refusal | undefined {
  const offered = new Set(facts.platforms.map(normalPlatform));
  const missing = needs.platforms.filter((platform) => !offered.has(normalPlatform(platform)));
  if (missing.length > 0) return { verdict: "no-platform", reason: `is not there for ${missing.join(", ")}` };
  if (needs.minimumAgeSeconds === null) return undefined;
  const age = countedAge(facts);
  const least = spoken(needs.minimumAgeSeconds);
  if (age === null) {
    return { verdict: "too-young", reason: `does not say when it was made, and has to be ${least} old` };
  }
  if (age >= needs.minimumAgeSeconds) return undefined;
  // The age itself would make another sentence at every look, and each is written to GitHub.
  return { verdict: "too-young", reason: `has to be ${least} old` };
}

/** The age that counts for a minimum, in seconds; null where none is known. */
export function countedAge({ ageSeconds, seenSeconds }: Omit<ImageFacts, "platforms">): number | null {
  const ages = [ageSeconds, seenSeconds].filter((age) => age !== null);
  return ages.length === 0 ? null : Math.min(...ages);
}

/** `linux/arm64` and `linux/arm64/v8` are one, `linux/arm` is `linux/arm/v7`, as containerd reads them. */
function normalPlatform(platform: string): string {
  const text = platform.toLowerCase();
  if (text.endsWith("/arm64/v8")) return text.slice(0, -"/v8".length);
  return text.endsWith("/arm") ? `${text}/v7` : text;
}

const units = [
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
] as const;

/** In the largest unit of which it is one: `3d`, `5h`. */
function spoken(seconds: number): string {
  for (const [unit, length] of units) {
    if (seconds >= length) return `${Math.floor(seconds / length)}${unit}`;
  }
  return `${Math.floor(seconds)}s`;
}

/** The choice once these followers are refused: the latest of the others is chosen, and the reasons say what is waited for. */
export function withoutRefused(choice: TagChoice, refused: ReadonlyMap<string, Refusal>): TagChoice {
  const first = choice.followers.find(({ tag }) => refused.has(tag));
  const refusal = first === undefined ? undefined : refused.get(first.tag);
  if (first === undefined || refusal === undefined) return choice;
  const followers = choice.followers.filter(({ tag }) => !refused.has(tag));
  const chosen = followers[0];
  const held = `${first.tag} ${refusal.reason}`;
  return {
    ...choice,
    followers,
    chosen: chosen?.tag ?? null,
    kind: chosen?.kind ?? null,
    reason:
      chosen === undefined
        ? `Nothing newer may be taken now: ${held}.`
        : `${chosen.tag} is taken, as ${held}.`,
    candidates: choice.candidates.map((candidate) => judged(candidate, refused, chosen?.tag)),
  };
}

function judged(
  candidate: Candidate,
  refused: ReadonlyMap<string, Refusal>,
  chosen: string | undefined,
): Candidate {
  const refusal = refused.get(candidate.tag);
  if (refusal !== undefined) return { tag: candidate.tag, ...refusal };
  if (candidate.tag !== chosen) return candidate;
  return { tag: chosen, verdict: "chosen", reason: "is the latest that may be taken now" };
}
