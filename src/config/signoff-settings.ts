/** The setting `signoff`: who has to approve what before it counts as signed off. */

import { z } from "zod";
import type { Rule, SignoffRules } from "../signoff/rule.ts";
import { freeze } from "./freeze-setting.ts";
import { need } from "./need-setting.ts";
import { approver, choice, glob, oneOrMany, text } from "./setting-types.ts";

const kinds = ["major", "minor", "patch", "tag", "digest", "rollback", "other"] as const;

const bound = z.int().min(0).max(1_000_000);
const lines = z
  .strictObject({ atLeast: bound.optional(), atMost: bound.optional() })
  .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, {
    error: "needs atLeast, atMost or both",
  })
  .refine(({ atLeast = 0, atMost = Infinity }) => atLeast <= atMost, {
    path: ["atMost"],
    error: "can never match: it is less than atLeast",
  });

const conditions = z.strictObject({
  environment: oneOrMany(glob).optional(),
  app: oneOrMany(glob).optional(),
  paths: oneOrMany(glob).optional(),
  kind: oneOrMany(choice(kinds)).optional(),
  author: oneOrMany(text).optional(),
  label: oneOrMany(text).optional(),
  lines: lines.optional(),
});

const byLabel = (what: string): string =>
  `a rule by label cannot ${what}: whoever may triage can set labels, so that such a rule only adds to the others`;

const rule = z
  .strictObject({
    name: text,
    when: conditions.default({}),
    need,
    instead: oneOrMany(text).optional(),
    duringFreeze: z.boolean().default(false),
  })
  .refine(({ when, instead }) => when.label === undefined || instead === undefined, {
    path: ["instead"],
    error: byLabel("take the place of another"),
  })
  .refine(({ when, duringFreeze }) => when.label === undefined || !duringFreeze, {
    path: ["duringFreeze"],
    error: byLabel("let anything through a freeze"),
  })
  .transform(({ name, when, need, instead = [], duringFreeze }): Rule => {
    const { environment: environments, app: apps, paths, kind, author: authors, label, lines } = when;
    const conditions = { environments, apps, paths, kinds: kind, authors, labels: label, lines };
    return { name, when: conditions, need, instead, duringFreeze };
  });

const rules = z
  .array(rule)
  .superRefine(namesOnce("rule"))
  .superRefine((rules, context) => {
    const names = new Set(rules.map(({ name }) => name));
    for (const [index, { name, instead = [] }] of rules.entries()) {
      for (const [at, other] of instead.entries()) {
        if (names.has(other) && other !== name) continue;
        const message = other === name ? "a rule cannot take its own place" : `no rule is named "${other}"`;
        context.addIssue({ code: "custom", path: [index, "instead", at], message });
      }
    }
  });

function namesOnce(what: string) {
  return (entries: readonly { readonly name: string }[], context: z.RefinementCtx): void => {
    for (const [index, { name }] of entries.entries()) {
      if (entries.findIndex((other) => other.name === name) === index) continue;
      const message = `a ${what} above is named "${name}" too`;
      context.addIssue({ code: "custom", path: [index, "name"], message });
    }
  };
}

export const signoffSettings = z
  .strictObject({
    owners: z
      .array(approver)
      .min(1)
      .default([{ type: "permission", atLeast: "admin" }]),
    default: need.default([{ approvals: 1, anyOf: [{ type: "permission", atLeast: "write" }] }]),
    rules: rules.default([]),
    freeze: z.array(freeze).superRefine(namesOnce("freeze")).default([]),
    override: oneOrMany(approver).default([]),
  })
  .transform((settings): SignoffRules => settings);
