/** From the settings of Flux's ImagePolicy to a policy. https://fluxcd.io/flux/components/image/imagepolicies/ */

import type { Statement } from "../model/update.ts";
import { parseVersionRange } from "../tags/masterminds-range.ts";
import { type ImagePolicy, type Order, type Policy, newestVersion } from "../tags/policy.ts";
import { compilePattern } from "../tags/tag-filter.ts";
import type { Adopted } from "./adopted.ts";

/** What an ImageRepository leaves out where it does not say: signatures of cosign. */
const defaultExclusions = String.raw`^.*\.sig$`;

export function fromFlux(settings: Statement["settings"]): Adopted {
  const policy = policyOf(settings);
  if ("problem" in policy) return policy;
  const { pattern = null, extract = null, exclusionList = defaultExclusions } = settings;
  if (pattern !== null && !compilePattern(pattern).ok) return { problem: "has a pattern that is none" };
  const exclude = exclusionList.split("\n").filter((one) => one !== "");
  if (!exclude.every((one) => compilePattern(one).ok))
    return { problem: "excludes tags by a pattern that is none" };
  const digests = digestsOf(settings);
  if (digests !== undefined && "problem" in digests) return digests;
  return { policy, tags: { ...newestVersion.tags, pattern, extract, exclude, fromAny: true }, ...digests };
}

type Problem = { readonly problem: string };

function policyOf({ semver, alphabetical, numerical }: Statement["settings"]): Policy | Problem {
  if (semver !== undefined) {
    if (!parseVersionRange(semver).ok) return { problem: "has a range that is none" };
    return { type: "semver", range: semver, dialect: "masterminds" };
  }
  if (alphabetical !== undefined) return ordered("alphabetical", alphabetical);
  return numerical === undefined ? unknown : ordered("numerical", numerical);
}

const unknown: Problem = { problem: "has no policy that is known here" };

function ordered(type: "alphabetical" | "numerical", text: string): Policy | Problem {
  const order = (["asc", "desc"] as const).find((one: Order) => one === text);
  return order === undefined ? unknown : { type, order };
}

/** `marker` is the part of an image that is written: a tag alone takes no digest. */
function digestsOf({
  digestReflectionPolicy = "Never",
  marker,
}: Statement["settings"]): Pick<ImagePolicy, "digests"> | Problem | undefined {
  if (digestReflectionPolicy === "Never")
    return marker?.includes("digest")
      ? { problem: "has no digest for the marker of one: its digestReflectionPolicy is Never" }
      : undefined;
  if (digestReflectionPolicy !== "IfNotPresent" && digestReflectionPolicy !== "Always")
    return { problem: "has a digestReflectionPolicy that is not known here" };
  if (marker === "tag") return undefined;
  return { digests: digestReflectionPolicy === "Always" ? "follow" : "pin" };
}
