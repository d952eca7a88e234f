/** The cluster-side targets file: what the cluster lets each repository touch. */

import { z } from "zod";
import { approver, choice, glob, oneOrMany } from "./setting-types.ts";

const repository = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9_.-]{1,100}$/, "a repository is written OWNER/NAME");

const kind = z
  .string()
  .regex(/^[A-Z][A-Za-z0-9]{0,62}$/, "a kind is written as in a manifest, like ClusterRole");

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const serviceAccount = z
  .string()
  .regex(
    new RegExp(`^(?:self|${label}/${label}(?:\\.${label})*)$`),
    'must be "self" or the NAMESPACE/NAME of a service account',
  );

const target = z.strictObject({
  repository,
  paths: oneOrMany(glob),
  namespaces: oneOrMany(glob),
  kinds: z.strictObject({ allow: z.array(kind).default([]) }).default({ allow: [] }),
  serviceAccount,
  baseline: choice(["head", "none"]).default("none"),
  floor: z
    .strictObject({
      approvals: z.int().min(0).max(50),
      anyOf: z
        .array(approver)
        .min(1)
        .default([{ type: "permission", atLeast: "write" }]),
    })
    .optional(),
  reload: z.boolean().default(false),
});

export const targetsSchema = z.strictObject({
  targets: z.array(target).default([]),
  reload: z.strictObject({ namespaces: oneOrMany(glob) }).optional(),
});
