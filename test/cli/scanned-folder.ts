/** A local folder of manifests beside a registry, scanned and written as by `lockkeeper scan --json --write`. */

import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runScan } from "../../src/cli/scan.ts";

/** `host` takes the place of `REGISTRY` in the files; answers the folder. */
export async function makeFolder(files: Readonly<Record<string, string>>, host: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockkeeper-scan-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text.replaceAll("REGISTRY", host));
  }
  return folder;
}

/** The exit code, and what was printed. */
export async function scanAndWrite(folder: string, host: string): Promise<{ code: number; out: string }> {
  let out = "";
  const code = await runScan(
    folder,
    { json: true, write: true },
    {
      env: { LOCKKEEPER_INSECURE_REGISTRIES: host, DOCKER_CONFIG: folder },
      out: (text: string) => void (out += text),
      error: () => {},
      watched: false,
    },
  );
  return { code, out };
}
