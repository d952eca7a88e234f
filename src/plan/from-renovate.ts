/** From the fields of a `# renovate:` comment to a policy. https://docs.renovatebot.com/modules/versioning/ */

import type { Statement } from "../model/update.ts";
import { newestVersion } from "../tags/policy.ts";
import { compilePattern } from "../tags/tag-filter.ts";
import type { Adopted } from "./adopted.ts";

/** Those that order the tags of one suffix and precision by their numbers. */
const plain = new Set(["docker", "semver", "semver-coerced", "loose"]);

/** The groups of its regular expressions that make a version, in their order. */
const groups = ["major", "minor", "patch"] as const;

export function fromRenovate({ versioning = "docker", extractVersion }: Statement["settings"]): Adopted {
  if (extractVersion !== undefined)
    return { problem: "writes a part of a tag (extractVersion), which is not supported here" };
  if (plain.has(versioning)) return newestVersion;
  if (versioning.startsWith("regex:")) return fromPattern(versioning.slice("regex:".length));
  return { problem: "has a versioning that is not supported here" };
}

function fromPattern(source: string): Adopted {
  const pattern = compilePattern(source);
  if (!pattern.ok) return { problem: "has a versioning that is no pattern of RE2" };
  const named = Object.keys(pattern.value.namedGroups());
  const known = groups.filter((group) => named.includes(group));
  if (known.length === 0 || known.length !== named.length)
    return { problem: "has groups in its versioning that are not supported here" };
  const extract = known.map((group) => `\${${group}}`).join(".");
  return { ...newestVersion, tags: { ...newestVersion.tags, pattern: source, extract } };
}
