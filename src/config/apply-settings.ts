/** Settings of an app that say how its objects are applied. */

import { z } from "zod";
import { fieldPathProblem } from "../rollout/field-path.ts";
import { choice, glob, oneOrMany, text } from "./setting-types.ts";

const kind = z
  .string()
  .regex(/^[A-Z][A-Za-z0-9]{0,62}$/, "a kind is written as in a manifest, like Deployment");

const fieldPath = z.string().check((context) => {
  const problem = fieldPathProblem(context.value);
  if (problem !== null) context.issues.push({ code: "custom", message: problem, input: context.value });
});

/** Deleting one of these would delete what is in it or behind it. */
const neverRecreated = ["Namespace", "CustomResourceDefinition", "PersistentVolume", "PersistentVolumeClaim"];

const recreated = kind.check((context) => {
  if (!neverRecreated.includes(context.value)) return;
  const message = `a ${context.value} is never deleted to be made anew`;
  context.issues.push({ code: "custom", message, input: context.value });
});

const conflictRule = z.strictObject({
  kinds: oneOrMany(kind).optional(),
  paths: oneOrMany(fieldPath),
  policy: choice(["take", "yield", "fail"]),
});

const ignoreRule = z.strictObject({
  kinds: oneOrMany(kind).optional(),
  names: oneOrMany(glob).optional(),
  paths: oneOrMany(fieldPath),
});

export const applySettings = {
  dependsOn: z.array(text).default([]),
  takeOver: z.boolean().default(false),
  conflicts: z.array(conflictRule).default([]),
  recreate: z.array(recreated).default([]),
  ignore: z.array(ignoreRule).default([]),
};
