/** Renders plain manifests: every YAML or JSON file below an app's folder, as it stands in the commit. */

import { filesBelow, plainFiles } from "../manifests/app-inputs.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Snapshot } from "../model/repository.ts";
import type { RenderedObject, Rendering } from "../ports/renderer.ts";
import type { Threads } from "../ports/threads.ts";
import { readFile } from "./documents.ts";
import { maximumObjects } from "./tool-output.ts";

/** Folders that one of these is in mean something else than the sum of their files. */
const toolFile = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization|Chart\.yaml)$/;

export async function renderPlain(
  threads: Threads,
  snapshot: Snapshot,
  folder: string,
): Promise<Result<Rendering>> {
  const [skipped] = filesBelow(folder, snapshot.skipped).filter((path) => !isHidden(path, folder));
  if (skipped !== undefined)
    return fail("unsupported", `${skipped}: ${snapshot.skipped.get(skipped) ?? "not a regular file"}`);
  const tool = filesBelow(folder, snapshot.files).find(
    (file) => toolFile.test(file) && !isHidden(file, folder),
  );
  if (tool !== undefined) {
    const fix = "make its folder an app of its own, or name it in a kustomization of the app's folder";
    return fail("unsupported", `${tool}: stands below the folder of an app of plain manifests: ${fix}`);
  }
  const inputs = plainFiles(folder, snapshot.files);
  const objects: RenderedObject[] = [];
  for (const file of inputs) {
    const bytes = snapshot.files.get(file) ?? new Uint8Array();
    const done = await threads.first(readFile, { file, bytes });
    if (!done.ok) return fail(done.failure.code, `${file}: reading it ${done.failure.message}`);
    const read = done.value;
    if (!read.ok) return read;
    objects.push(...read.value);
    if (objects.length > maximumObjects)
      return fail("too-large", `${file}: the app has more than ${maximumObjects} objects`);
  }
  return ok({ objects, inputs });
}

/** Below a dot folder (`.github`, `.git`). */
function isHidden(path: string, folder: string): boolean {
  const below = folder === "." ? path : path.slice(folder.length + 1);
  return below.split("/").some((part) => part.startsWith("."));
}
