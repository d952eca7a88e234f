/** Policies as people write them in one word: `semver:^1.2`, `calver:YYYY.0M`, `numerical:desc`. */

import { type Result, fail, ok } from "../model/failure.ts";
import type { Order, Policy } from "./policy.ts";

/** By the name in front of the colon; undefined where what is behind it cannot stand there. A new policy is a line here. */
const readers: Readonly<Record<string, (setting: string | null) => Policy | undefined>> = {
  semver: (range) => ({ type: "semver", range, dialect: "node" }),
  masterminds: (range) => ({ type: "semver", range, dialect: "masterminds" }),
  "masterminds-coerced": (range) => ({ type: "semver", range, dialect: "masterminds-coerced" }),
  calver: (format) => (format === null ? undefined : { type: "calver", format }),
  numerical: (text) => ordered("numerical", text),
  alphabetical: (text) => ordered("alphabetical", text),
  regex: (pattern) => (pattern === null ? undefined : { type: "regex", pattern }),
  loose: (setting) => (setting === null ? { type: "loose" } : undefined),
  "newest-build": (setting) => (setting === null ? { type: "newest-build" } : undefined),
  digest: (setting) => (setting === null ? { type: "digest" } : undefined),
};

const known =
  "semver, semver:RANGE, masterminds:RANGE, masterminds-coerced:RANGE, calver:FORMAT, numerical, numerical:desc, alphabetical, alphabetical:desc, regex:PATTERN, loose, newest-build or digest";

/** `malformed` for a name or form that is unknown; a range or format is only looked at where it is used. */
export function parsePolicy(text: string): Result<Policy> {
  const colon = text.indexOf(":");
  const name = colon < 0 ? text : text.slice(0, colon);
  const setting = colon < 0 ? null : text.slice(colon + 1);
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  const policy = setting === "" ? undefined : reader?.(setting);
  if (policy !== undefined) return ok(policy);
  return fail("malformed", `unknown policy ${JSON.stringify(text)}; write ${known}`);
}

/** What `parsePolicy` reads. */
export function policyText(policy: Policy): string {
  const setting = settingOf(policy);
  const name = policy.type === "semver" && policy.dialect !== "node" ? policy.dialect : policy.type;
  return setting === null ? name : `${name}:${setting}`;
}

function settingOf(policy: Policy): string | null {
  if (policy.type === "semver") return policy.range;
  if (policy.type === "calver") return policy.format;
  if (policy.type === "regex") return policy.pattern;
  return "order" in policy && policy.order === "desc" ? "desc" : null;
}

function ordered(type: "numerical" | "alphabetical", text: string | null): Policy | undefined {
  const order: Order | undefined =
    text === null || text === "asc" ? "asc" : text === "desc" ? text : undefined;
  return order === undefined ? undefined : { type, order };
}
