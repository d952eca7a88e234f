/** A fresh folder for one rendering: a copy of the app's inputs, and nothing else of this machine. */

import { chown, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Result, fail, ok } from "../model/failure.ts";

export interface WorkFolder {
  /** Holds the copies at their paths. */
  readonly root: string;
  /** Empty folders for what tools want to have. */
  readonly home: string;
  readonly temporary: string;
  remove(): Promise<void>;
}

/** `owner` is given everything, as who runs there may be another user. */
export async function openWorkFolder(
  files: ReadonlyMap<string, Uint8Array>,
  owner: number | null,
): Promise<Result<WorkFolder>> {
  const stray = [...files.keys()].find((path) => !isPlainPath(path));
  if (stray !== undefined)
    return fail("unsupported", `${JSON.stringify(stray)}: not a path that can be copied`);
  const folder = await realpath(await mkdtemp(join(tmpdir(), "lockkeeper-render-")));
  const [root, home, temporary] = [join(folder, "repository"), join(folder, "home"), join(folder, "tmp")];
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const made = [folder, root, home, temporary];
    for (const own of [root, home, temporary]) await mkdir(own);
    for (const [path, bytes] of files) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes, { flag: "wx", mode: 0o644 });
    }
    if (owner !== null) for (const own of made) await chown(own, owner, owner);
  } catch (error) {
    await remove();
    const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
    return fail("unsupported", `its files cannot be laid out for rendering (${code})`);
  }
  return ok({ root, home, temporary, remove });
}

/** Relative, without `.`, `..` or empty steps, and no part of a Git folder. */
function isPlainPath(path: string): boolean {
  const steps = path.split("/");
  return !path.includes("\0") && !steps.some((step) => /^(?:|\.|\.\.|\.git)$/i.test(step));
}
