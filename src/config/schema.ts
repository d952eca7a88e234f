/** `.github/lockkeeper.yml`: which settings there are, what they may be, and what they are when not given. */

import { z } from "zod";
import { engines, modes } from "../model/app.ts";
import { capturesOf, patternProblem } from "./app-pattern.ts";
import { applySettings } from "./apply-settings.ts";
import { environmentSettings } from "./environment-settings.ts";
import { goesWithMode } from "./gate-settings.ts";
import { imageRule } from "./image-settings.ts";
import { pullSettings } from "./pull-settings.ts";
import { shapeEntry } from "./shape-settings.ts";
import { choice, duration, text } from "./setting-types.ts";
import { signoffSettings } from "./signoff-settings.ts";

const folder = z.string().check((context) => {
  const problem = patternProblem(context.value);
  if (problem !== null) context.issues.push({ code: "custom", message: problem, input: context.value });
});

const helmSettings = z.strictObject({
  release: text.optional(),
  values: z.array(text).max(20).default([]),
});

const appEntry = z
  .strictObject({
    match: folder.optional(),
    path: folder
      .refine((value) => !/[{}*]/.test(value), { error: "path names one folder; use match for a pattern" })
      .optional(),
    name: text.optional(),
    namespace: text.optional(),
    environment: text.optional(),
    mode: choice(modes),
    engine: choice(engines).optional(),
    prune: z.boolean().default(false),
    drift: choice(["report", "heal"]).default("report"),
    extras: z.boolean().default(false),
    wait: duration.default(300),
    rollback: choice(["off", "auto"]).default("off"),
    ...applySettings,
    helm: helmSettings.optional(),
  })
  .refine((entry) => !isRecord(entry) || (entry["match"] === undefined) !== (entry["path"] === undefined), {
    error: 'needs either "match" or "path"',
    when: () => true,
  })
  .refine(...capturesKnown("name"))
  .refine(...capturesKnown("namespace"))
  .refine(...capturesKnown("environment"))
  .refine(...capturesKnown("dependsOn"))
  .refine(...goesWithMode("engine"))
  .refine(...goesWithMode("prune"))
  .refine(...goesWithMode("drift"))
  .refine(...goesWithMode("dependsOn"));

/** Checked even where other settings of the entry are wrong, so that all problems come at once. */
function capturesKnown(
  key: "name" | "namespace" | "environment" | "dependsOn",
): Parameters<z.ZodType["refine"]> {
  const unknown = (entry: unknown): string | undefined => {
    if (!isRecord(entry)) return undefined;
    const known = capturesOf(textOf(entry["match"]));
    return capturesOf(textOf(entry[key])).find((name) => !known.includes(name));
  };
  return [
    (entry: unknown) => unknown(entry) === undefined,
    {
      path: [key],
      when: () => true,
      error: (issue: { input?: unknown }) =>
        `"{${unknown(issue.input) ?? ""}}" is not a capture of the entry's "match"`,
    },
  ];
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(" ");
  return typeof value === "string" ? value : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The whole file. Settings of the design that are still to come are in it, so that they are refused by name. */
export const configSchema = z.strictObject({
  apps: z.array(appEntry).default([]),
  environments: environmentSettings.prefault({}),
  images: z.array(imageRule).default([]),
  shapes: z.array(shapeEntry).default([]),
  pulls: pullSettings.prefault({}),
  signoff: signoffSettings.prefault({}),
});

export type ConfigInput = z.output<typeof configSchema>;
