/** Makes an empty bare repository: the files of `git init --bare` without which Git does not take it for one. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const config = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n";

export async function initBare(directory: string): Promise<void> {
  for (const folder of ["objects", "refs/heads", "refs/tags"])
    await mkdir(join(directory, folder), { recursive: true });
  await writeFile(join(directory, "config"), config);
  await writeFile(join(directory, "HEAD"), "ref: refs/heads/main\n");
}
