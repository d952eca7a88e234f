/** The manifest of a GitHub App, as `app.yml` holds it: what the App may do and what it is told of. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Result, fail, ok } from "../model/failure.ts";
import { parseYaml } from "./parse-yaml.ts";

const schema = z.object({
  name: z.string().min(1),
  default_permissions: z.record(z.string(), z.enum(["read", "write"])),
  default_events: z.array(z.string()),
});

export interface AppManifest {
  readonly name: string;
  /** What `<slug>[bot]` acts as. */
  readonly slug: string;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
  readonly events: readonly string[];
}

/** The manifest that ships with Lockkeeper. */
export const ownManifest = join(import.meta.dirname, "..", "..", "app.yml");

/** Reads a manifest file; `malformed` names what is wrong. */
export async function readAppManifest(file: string): Promise<Result<AppManifest>> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return fail("not-found", `${file} cannot be read`);
  const yaml = parseYaml(text, file);
  if (!yaml.ok) return yaml;
  const parsed = schema.safeParse(yaml.value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    return fail("malformed", `${file} is not an app manifest: ${problems.join("; ")}`);
  }
  const { name, default_permissions: permissions, default_events: events } = parsed.data;
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return ok({ name, slug, permissions, events });
}
