/** From the fields of a `# renovate:` comment to a policy. https://docs.renovatebot.com/modules/versioning/ */

import type { Statement } from "../model/update.ts";
import { type Policy, newestVersion } from "../tags/policy.ts";
import { compileVersioning } from "../tags/regex-versioning.ts";
import { compilePattern } from "../tags/tag-filter.ts";
import type { Adopted } from "./adopted.ts";

type Problem = { readonly problem: string };

const number = String.raw`0|[1-9]\d*`;
const identifiers = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
/** What stands behind `-` is a prerelease to it, whatever it means. */
const semver = String.raw`^v?(?P<major>${number})\.(?P<minor>${number})\.(?P<patch>${number})(?:-(?P<prerelease>${identifiers}))?(?:\+${identifiers})?$`;

/** A new versioning is a line here. */
const versionings: Readonly<Record<string, Policy>> = {
  docker: newestVersion.policy,
  semver: { type: "regex", pattern: semver },
  loose: { type: "loose" },
};

export function fromRenovate({ versioning = "docker", extractVersion }: Statement["settings"]): Adopted {
  const policy = versioning.startsWith("regex:")
    ? byPattern(versioning.slice("regex:".length))
    : policyNamed(versioning);
  if ("problem" in policy) return policy;
  if (extractVersion === undefined) return { ...newestVersion, policy };
  const pattern = compilePattern(extractVersion);
  if (!pattern.ok || !Object.hasOwn(pattern.value.namedGroups(), "version"))
    return { problem: "has an extractVersion that is no pattern of RE2 with a group version" };
  return { ...newestVersion, policy, part: extractVersion };
}

function policyNamed(versioning: string): Policy | Problem {
  const policy = Object.hasOwn(versionings, versioning) ? versionings[versioning] : undefined;
  return policy ?? { problem: "has a versioning that is not supported here" };
}

function byPattern(pattern: string): Policy | Problem {
  if (!compilePattern(pattern).ok) return { problem: "has a versioning that is no pattern of RE2" };
  if (!compileVersioning(pattern).ok)
    return { problem: "has a versioning without any of the groups major, minor and patch" };
  return { type: "regex", pattern };
}
