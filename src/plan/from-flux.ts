/** From the settings of Flux's ImagePolicy to a policy. https://fluxcd.io/flux/components/image/imagepolicies/ */

import type { Statement } from "../model/update.ts";
import { type Order, type Policy, newestVersion } from "../tags/policy.ts";
import { compilePattern } from "../tags/tag-filter.ts";
import type { Adopted } from "./adopted.ts";

export function fromFlux(settings: Statement["settings"]): Adopted {
  const policy = policyOf(settings);
  if (policy === null) return { problem: "has no policy that is known here" };
  const { pattern = null, extract = null, exclusionList = "" } = settings;
  if (pattern !== null && !compilePattern(pattern).ok) return { problem: "has a pattern that is none" };
  const ignore = exclusionList.split("\n").filter((one) => one !== "");
  const globs = ignore.map(globOf);
  if (globs.includes(null)) return { problem: "excludes tags by a pattern that is not supported here" };
  return {
    policy,
    tags: { ...newestVersion.tags, pattern, extract, ignore: globs.flatMap((glob) => glob ?? []) },
  };
}

function policyOf({ semver, alphabetical, numerical }: Statement["settings"]): Policy | null {
  if (semver !== undefined) return { type: "semver", range: semver, dialect: "masterminds" };
  if (alphabetical !== undefined) return ordered("alphabetical", alphabetical);
  return numerical === undefined ? null : ordered("numerical", numerical);
}

function ordered(type: "alphabetical" | "numerical", text: string): Policy | null {
  const order = (["asc", "desc"] as const).find((one: Order) => one === text);
  return order === undefined ? null : { type, order };
}

/** A pattern without alternatives, as a glob; null where it says more than one can. */
function globOf(pattern: string): string | null {
  const [, start, body = "", end] = /^(\^?)(.*?)(\$?)$/.exec(pattern) ?? [];
  const plain = body.replaceAll(".*", "*").replaceAll("\\.", ".");
  const literal = body.replaceAll(".*", "").replaceAll("\\.", "");
  if (/[^A-Za-z0-9_-]/.test(literal)) return null;
  return `${start === "" ? "*" : ""}${plain}${end === "" ? "*" : ""}`;
}
