/** The kinds of values that settings files are made of, each with an error that says what would be right. */

import { z } from "zod";
import { readDuration } from "../model/duration.ts";
import type { Approver } from "../signoff/rule.ts";
import { globProblem } from "../text/glob.ts";

export function choice<const T extends readonly [string, ...string[]]>(
  allowed: T,
): z.ZodEnum<{ [K in T[number]]: K }> {
  const words = allowed.map((word) => `"${word}"`).join(" or ");
  return z.enum(allowed, {
    error: (issue) => `${issue.input === undefined ? "is missing; it " : ""}must be ${words}`,
  });
}

/** A list, or one value that stands for a list of one. */
export function oneOrMany<T extends z.ZodType>(item: T): z.ZodType<z.output<T>[]> {
  return z.preprocess(
    (value) => (Array.isArray(value) || value === undefined ? value : [value]),
    z.array(item).min(1),
  );
}

export const text = z.string().min(1).max(200);

export const glob = z.string().check((context) => {
  const problem = globProblem(context.value);
  if (problem !== null) context.issues.push({ code: "custom", message: problem, input: context.value });
});

/** A duration like `90s`, `5m`, `1h` or `3d`, between one second and 30 days; read as seconds. */
export const duration = z
  .string({ error: "must be a duration with its unit, like 90s, 5m, 1h or 3d" })
  .transform((value, context) => {
    const seconds = readDuration(value);
    if (seconds !== undefined) return seconds;
    const message = `"${value}" is not a duration of 1s to 30d, like 90s, 5m, 1h or 3d`;
    context.issues.push({ code: "custom", message, input: value });
    return z.NEVER;
  });

const permissions = ["write", "maintain", "admin"] as const;
const login = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?$/;
const organisation = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const team = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9_.-]{1,100}$/;

/** Who can approve: `team:ORG/SLUG`, `user:LOGIN`, `org:NAME`, or a least permission on the repository. */
export const approver = approverOf(readApprover);

/** As `approver`, or `codeowners`, which only means something of changed files. */
export const approverOrOwners = approverOf((value) =>
  value === "codeowners" ? { type: "codeowners" } : readApprover(value),
);

function approverOf(read: (value: string) => Approver | string) {
  return z.string().transform((value, context): Approver => {
    const found = read(value);
    if (typeof found !== "string") return found;
    context.issues.push({ code: "custom", message: found, input: value });
    return z.NEVER;
  });
}

/** Who can be asked to review: `team:ORG/SLUG` or `user:LOGIN`. */
export const reviewer = z.string().transform((value, context) => {
  const found = readApprover(value);
  if (typeof found !== "string" && (found.type === "team" || found.type === "user")) return found;
  const message = `"${value}" cannot be asked to review: write team:ORGANISATION/SLUG or user:LOGIN`;
  context.issues.push({ code: "custom", message, input: value });
  return z.NEVER;
});

export const userLogin = z.string().regex(login, {
  error: (issue) => `"${String(issue.input)}" is not the login of a user`,
});

function readApprover(value: string): Approver | string {
  const permission = permissions.find((word) => word === value);
  if (permission !== undefined) return { type: "permission", atLeast: permission };
  if (value.startsWith("team:")) {
    const name = value.slice("team:".length);
    return team.test(name)
      ? { type: "team", team: name }
      : `"${value}": a team is written team:ORGANISATION/SLUG`;
  }
  if (value.startsWith("user:")) {
    const name = value.slice("user:".length);
    return login.test(name) ? { type: "user", login: name } : `"${value}": a user is written user:LOGIN`;
  }
  if (value.startsWith("org:")) {
    const name = value.slice("org:".length);
    return organisation.test(name)
      ? { type: "organisation", organisation: name }
      : `"${value}": the members of an organisation are written org:ORGANISATION`;
  }
  if (value === "codeowners") return `"codeowners" cannot stand here: write it in anyOf of a rule's need`;
  return `"${value}" is nobody who can approve: write team:ORGANISATION/SLUG, user:LOGIN, org:ORGANISATION, write, maintain or admin`;
}
