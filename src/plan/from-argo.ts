/** From the annotations of Argo CD Image Updater to a policy. https://argocd-image-updater.readthedocs.io/en/stable/configuration/images/ */

import type { Statement } from "../model/update.ts";
import { parseVersionRange } from "../tags/masterminds-range.ts";
import { type Policy, type TagSettings, newestVersion } from "../tags/policy.ts";
import { compilePattern } from "../tags/tag-filter.ts";
import type { Adopted } from "./adopted.ts";

export function fromArgo(settings: Statement["settings"]): Adopted {
  const policy = policyOf(settings);
  if ("problem" in policy) return policy;
  const tags = tagsOf(settings);
  return "problem" in tags ? tags : { policy, tags };
}

/** Names of strategies that it has now, and had. */
function policyOf(settings: Statement["settings"]): Policy | { readonly problem: string } {
  const strategy = settings["update-strategy"] ?? "semver";
  const { constraint } = settings;
  if (strategy === "alphabetical" || strategy === "name") return { type: "alphabetical", order: "asc" };
  if (strategy === "digest") return { type: "digest" };
  if (strategy === "newest-build" || strategy === "latest")
    return { problem: "takes the newest build, which is not supported here" };
  if (strategy !== "semver") return { problem: "has an update strategy that is not known here" };
  if (constraint === undefined) return { type: "semver", range: null, dialect: "masterminds" };
  if (!parseVersionRange(constraint).ok) return { problem: "has a constraint that is no version range" };
  return { type: "semver", range: constraint, dialect: "masterminds" };
}

/** A pattern that is none lets no tag through there: here it is told. */
function tagsOf(settings: Statement["settings"]): TagSettings | { readonly problem: string } {
  const allowed = settings["allow-tags"] ?? "any";
  const pattern = allowed === "any" ? null : /^regexp:(.+)$/.exec(allowed)?.[1];
  if (pattern === undefined || (pattern !== null && !compilePattern(pattern).ok))
    return { problem: "allows tags by a pattern that is none" };
  const platforms = itemsOf(settings["platforms"]);
  return {
    ...newestVersion.tags,
    pattern,
    ignore: itemsOf(settings["ignore-tags"]),
    platforms: platforms.length === 0 ? null : platforms,
  };
}

function itemsOf(list: string | undefined): readonly string[] {
  return (list ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
