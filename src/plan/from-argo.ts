/** From the annotations of Argo CD Image Updater to a policy. https://argocd-image-updater.readthedocs.io/en/stable/configuration/images/ */

import type { ImageReference } from "../model/image.ts";
import type { Statement } from "../model/update.ts";
import { parseVersionRange } from "../tags/masterminds-range.ts";
import { type Policy, type TagSettings, newestVersion } from "../tags/policy.ts";
import { compilePattern } from "../tags/tag-filter.ts";
import type { Adopted } from "./adopted.ts";

type Problem = { readonly problem: string };

/** Its constraint is a range of versions, or the tag whose digest is followed. */
export function fromArgo(settings: Statement["settings"], { tag }: Pick<ImageReference, "tag">): Adopted {
  const policy = policyOf(settings);
  if ("problem" in policy) return policy;
  if (policy.type === "digest" && tag !== undefined && settings["constraint"] !== tag)
    return { problem: "follows the digest of another tag than the one that is written" };
  const tags = tagsOf(settings);
  return "problem" in tags ? tags : { policy, tags };
}

type ReadStrategy = (constraint: string | undefined) => Policy | Problem;

const byDate: ReadStrategy = () => ({ type: "newest-build" });
const byName: ReadStrategy = () => ({ type: "alphabetical", order: "asc" });

/** Strategies by the names that they have now, and had. */
const strategies: Readonly<Record<string, ReadStrategy>> = {
  semver: byVersion,
  "newest-build": byDate,
  latest: byDate,
  alphabetical: byName,
  name: byName,
  digest: (constraint) =>
    constraint === undefined
      ? { problem: "follows a digest, and does not say of which tag" }
      : { type: "digest" },
};

function policyOf(settings: Statement["settings"]): Policy | Problem {
  const strategy = (settings["update-strategy"] ?? "semver").toLowerCase();
  const read = Object.hasOwn(strategies, strategy) ? strategies[strategy] : undefined;
  return read?.(settings["constraint"]) ?? { problem: "has an update strategy that is not known here" };
}

function byVersion(constraint: string | undefined): Policy | Problem {
  const range = constraint ?? null;
  if (range !== null && !parseVersionRange(range).ok)
    return { problem: "has a constraint that is no version range" };
  return { type: "semver", range, dialect: "masterminds-coerced" };
}

/** A pattern that is none lets no tag through there: here it is told. */
function tagsOf(settings: Statement["settings"]): TagSettings | Problem {
  const allowed = settings["allow-tags"] ?? "any";
  const pattern = allowed === "any" ? null : /^regexp:(.+)$/.exec(allowed)?.[1];
  if (pattern === undefined || (pattern !== null && !compilePattern(pattern).ok))
    return { problem: "allows tags by a pattern that is none" };
  const exclude = itemsOf(settings["ignore-tags"]).map(globPattern);
  if (!exclude.every((one) => compilePattern(one).ok))
    return { problem: "ignores tags by a pattern that is none" };
  const platforms = itemsOf(settings["platforms"]);
  const needed = platforms.length === 0 ? null : platforms;
  return { ...newestVersion.tags, pattern, exclude, fromAny: true, platforms: needed };
}

function itemsOf(list: string | undefined): readonly string[] {
  return (list ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** In RE2, of a pattern as Go's filepath.Match has it, whose classes and escapes RE2 knows too. */
function globPattern(glob: string): string {
  const source = glob.replaceAll(/\\.|\[(?:\\.|[^\]\\])+\]|[*?]|[^*?[\\]+/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    return /^[[\\]/.test(part) ? part : part.replaceAll(/[.+^${}()|]/g, String.raw`\$&`);
  });
  return `^(?:${source})$`;
}
