/** The setting `need`: one count of approvals, or several that must all be reached. */

import { z } from "zod";
import type { Count, Need } from "../signoff/rule.ts";
import { approverOrOwners } from "./setting-types.ts";

const approvals = z.int().min(0).max(50);
const anyOf = z.array(approverOrOwners).min(1);

const count = z.strictObject({ approvals, anyOf });

/** Read as a list of counts. */
export const need = z
  .strictObject({
    approvals: approvals.optional(),
    anyOf: anyOf.optional(),
    allOf: z.array(count).min(1).max(10).optional(),
  })
  .refine(...missing("approvals"))
  .refine(...missing("anyOf"))
  .refine((value) => !isRecord(value) || value["allOf"] === undefined || Object.keys(value).length === 1, {
    path: ["allOf"],
    error: "stands alone: put approvals and anyOf into its entries",
    when: () => true,
  })
  .transform((value): Need => {
    const { approvals = 0, anyOf = [], allOf = [{ approvals, anyOf }] } = value;
    return allOf satisfies readonly Count[];
  });

/** Told even where other settings of the need are wrong, so that all problems come at once. */
function missing(key: "approvals" | "anyOf"): Parameters<z.ZodType["refine"]> {
  const isThere = (value: unknown): boolean =>
    !isRecord(value) || value["allOf"] !== undefined || value[key] !== undefined;
  return [isThere, { path: [key], error: "is missing", when: () => true }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
