/** Writes one loose object without a process, in the form that `git hash-object -w` gives it. */

import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import type { ObjectType } from "./object-reader.ts";

const compress = promisify(deflate);

/** The id of the object, which is in the repository afterwards. */
export async function writeObject(
  directory: string,
  type: ObjectType,
  content: Uint8Array | string,
): Promise<string> {
  const body = Buffer.from(content as string);
  const bytes = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
  const sha = createHash("sha1").update(bytes).digest("hex");
  const folder = join(directory, "objects", sha.slice(0, 2));
  const path = join(folder, sha.slice(2));
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) return sha;
  await mkdir(folder, { recursive: true });
  // Readers must never see half an object, so it gets its name only when it is whole.
  const unfinished = join(folder, `tmp_obj_${randomUUID()}`);
  await writeFile(unfinished, await compress(bytes), { mode: 0o444 });
  await rename(unfinished, path);
  return sha;
}
