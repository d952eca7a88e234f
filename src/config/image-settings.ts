/** The entries of `images`: which policy and tags an image follows. */

import { z } from "zod";
import { compileFormat } from "../tags/calver-format.ts";
import { parseVersionRange } from "../tags/masterminds-range.ts";
import { type ImagePolicy, type Policy, newestVersion } from "../tags/policy.ts";
import { parseRange } from "../tags/semver.ts";
import { compilePattern, unknownGroups } from "../tags/tag-filter.ts";
import { choice, duration, glob, oneOrMany, text } from "./setting-types.ts";

const policyNames = ["semver", "calver", "numerical", "alphabetical", "digest"] as const;
const order = choice(["asc", "desc"]);

const policy = z
  .strictObject({
    semver: z.string().optional(),
    calver: z.string().optional(),
    numerical: order.optional(),
    alphabetical: order.optional(),
    digest: z.literal(true, { error: "must be true" }).optional(),
    dialect: choice(["node", "masterminds"]).optional(),
  })
  .check(
    problemOf("semver", ({ semver, dialect }) => (isText(semver) ? rangeProblem(semver, dialect) : null)),
    problemOf("calver", ({ calver }) => (isText(calver) ? formatProblem(calver) : null)),
    problemOf("dialect", ({ semver, dialect }) =>
      dialect !== undefined && semver === undefined
        ? "is the dialect of a semver range, and there is none"
        : null,
    ),
    problemOf(null, (given) => {
      const names = policyNames.filter((name) => given[name] !== undefined);
      return names.length > 1 ? `an image follows one policy, not ${names.join(" and ")}` : null;
    }),
  );

const platform = z.string().regex(/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/, {
  error: (issue) => `"${String(issue.input)}" is not a platform, like linux/amd64 or linux/arm/v7`,
});

const tags = z
  .strictObject({
    pattern: z.string().min(1).optional(),
    extract: text.optional(),
    ignore: oneOrMany(text).optional(),
    prerelease: z.boolean().default(false),
    minimumAge: duration.optional(),
    platforms: z.array(platform).max(20).optional(),
  })
  .check(
    problemOf("pattern", ({ pattern }) => (isText(pattern) ? patternProblem(pattern) : null)),
    problemOf("extract", ({ pattern, extract }) =>
      isText(extract) ? extractProblem(extract, pattern) : null,
    ),
  );

export const imageRule = z.strictObject({
  match: glob,
  environments: oneOrMany(glob).optional(),
  policy: policy.optional(),
  tags: tags.optional(),
});

/** The policy of an entry, with what holds where it says nothing. */
export function imagePolicyOf(entry: z.output<typeof imageRule>): ImagePolicy {
  const { tags } = entry;
  const settings = {
    pattern: tags?.pattern ?? null,
    extract: tags?.extract ?? null,
    ignore: tags?.ignore ?? [],
    prerelease: tags?.prerelease ?? false,
    minimumAgeSeconds: tags?.minimumAge ?? null,
    platforms: tags?.platforms ?? null,
  };
  return { policy: policyOf(entry.policy ?? {}), tags: settings };
}

function policyOf(given: z.output<typeof policy>): Policy {
  if (given.calver !== undefined) return { type: "calver", format: given.calver };
  if (given.numerical !== undefined) return { type: "numerical", order: given.numerical };
  if (given.alphabetical !== undefined) return { type: "alphabetical", order: given.alphabetical };
  if (given.digest !== undefined) return { type: "digest" };
  if (given.semver === undefined) return newestVersion.policy;
  return { type: "semver", range: given.semver, dialect: given.dialect ?? "node" };
}

/** A check of a map's settings together, made even where others of them are wrong, so that all problems come at once. */
function problemOf(
  key: string | null,
  find: (given: Readonly<Record<string, unknown>>) => string | null,
): z.core.$ZodCheck<Record<string, unknown>> {
  const problem = (value: unknown): string | null =>
    typeof value === "object" && value !== null ? find(value as Readonly<Record<string, unknown>>) : null;
  return z.refine<Record<string, unknown>>((value) => problem(value) === null, {
    path: key === null ? [] : [key],
    when: () => true,
    error: (issue) => problem(issue.input) ?? "",
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function rangeProblem(range: string, dialect: unknown): string | null {
  const masterminds = parseVersionRange(range).ok;
  if (dialect === "masterminds") {
    return masterminds
      ? null
      : `"${range}" is not a version range of Masterminds/semver, like ^1, ~1.4 or ">=1.2.0, <3.0.0"`;
  }
  if (parseRange(range).ok) return null;
  const hint = masterminds ? "; it is one with dialect: masterminds" : "";
  return `"${range}" is not a version range, like ^1, ~1.4 or ">=1.2.0 <3.0.0"${hint}`;
}

function formatProblem(format: string): string | null {
  const compiled = compileFormat(format);
  return compiled.ok ? null : compiled.failure.message;
}

function patternProblem(pattern: string): string | null {
  const compiled = compilePattern(pattern);
  return compiled.ok ? null : compiled.failure.message;
}

/** Of a pattern that is wrong itself nothing more is said. */
function extractProblem(extract: string, pattern: unknown): string | null {
  if (!isText(pattern)) return "takes its parts from the groups of a pattern, and there is none";
  const compiled = compilePattern(pattern);
  const unknown = compiled.ok ? unknownGroups(compiled.value, extract) : [];
  return unknown.length === 0 ? null : `"${extract}": the pattern has no group ${unknown.join(" or ")}`;
}
