/** Reads a fault that somebody outside the process asks for. */

import { z } from "zod";
import { type Result, fail, ok } from "../../model/failure.ts";
import { type Fault, faultKinds } from "./fault.ts";

const schema = z.strictObject({
  kind: z.enum(faultKinds),
  method: z.string().optional(),
  match: z.string().max(200).optional(),
  times: z.int().min(1).optional(),
  every: z.int().min(1).optional(),
  after: z.boolean().optional(),
  seconds: z.int().min(0).optional(),
  milliseconds: z.int().min(0).max(600_000).optional(),
});

/** `malformed` names every field that is wrong, and what would be right. */
export function readFault(value: unknown): Result<Fault> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "fault"}: ${issue.message}`);
  return fail("malformed", problems.join("; "));
}
