/** What a sandbox starts from: `DIR/seed.yml` and one folder `DIR/<owner>/<repo>/` for each repository. */

import { readFile, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { z } from "zod";
import { type Result, fail, ok } from "../model/failure.ts";
import { parseYaml } from "./parse-yaml.ts";

const permission = z.enum(["admin", "maintain", "write", "triage", "read"]);
const fullName = z.string().regex(/^[^/]+\/[^/]+$/, "must be OWNER/NAME");
const texts = z.record(z.string(), z.string());
/** A tag alone, or with what the image says of itself. */
const image = z.union(
  [z.string(), z.strictObject({ tag: z.string(), labels: texts.optional(), annotations: texts.optional() })],
  "must be a tag, or { tag, labels, annotations }",
);

const schema = z.strictObject({
  users: z.array(z.string().min(1)).default([]),
  organisations: z
    .record(
      z.string(),
      z.strictObject({
        members: z.array(z.string()).default([]),
        teams: z.record(z.string(), z.array(z.string())).default({}),
      }),
    )
    .default({}),
  repositories: z
    .record(
      fullName,
      z.strictObject({
        permissions: z.record(z.string(), permission).default({}),
        protect: z.record(z.string(), z.strictObject({ checks: z.array(z.string()) })).default({}),
      }),
    )
    .default({}),
  images: z.record(z.string(), z.array(image)).default({}),
  install: z.array(fullName).default([]),
});

/** `seed.yml`, read, with the files of each repository by path. */
export interface Seed extends z.infer<typeof schema> {
  readonly files: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;
}

/** In the files of a seed this host stands for the sandbox's registry, whose port is not known before it starts. */
export const registryPlaceholder = "registry.sandbox";

/** Reads a seed folder; `malformed` names the file and what is wrong with it. */
export async function readSeed(directory: string): Promise<Result<Seed>> {
  const file = join(directory, "seed.yml");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return fail("not-found", `${file} cannot be read: a seed folder holds a seed.yml`);
  const yaml = parseYaml(text, file);
  if (!yaml.ok) return yaml;
  const parsed = schema.safeParse(yaml.value ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join(".") || "seed.yml"}: ${issue.message}`,
    );
    return fail("malformed", `${file}: ${problems.join("; ")}`);
  }
  const names = Object.keys(parsed.data.repositories);
  const files = await Promise.all(
    names.map(async (name) => [name, await filesBelow(join(directory, ...name.split("/")))] as const),
  );
  return ok({ ...parsed.data, files: new Map(files) });
}

async function filesBelow(root: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.map(async (path) => [relative(root, path).split(sep).join("/"), await readFile(path)] as const),
  );
  return new Map(contents);
}

/** The same files with the registry's address in place of the placeholder. */
export function atRegistry(
  files: ReadonlyMap<string, Uint8Array>,
  registryHost: string,
): ReadonlyMap<string, Uint8Array> {
  const replaced = [...files].map(([path, bytes]) => {
    const text = Buffer.from(bytes).toString("latin1").replaceAll(registryPlaceholder, registryHost);
    return [path, Buffer.from(text, "latin1")] as const;
  });
  return new Map(replaced);
}
