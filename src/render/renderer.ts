/** Renders plain manifests: every YAML or JSON file below an app's folder, as it stands in the commit. */

import { type Result, fail, ok } from "../model/failure.ts";
import type { Snapshot } from "../model/repository.ts";
import type { RenderedObject, Renderer, Rendering } from "../ports/renderer.ts";
import type { Threads } from "../ports/threads.ts";
import { readFile } from "./documents.ts";

const manifest = /\.(?:ya?ml|json)$/i;
/** Folders that one of these is in mean something else than the sum of their files. */
const toolFile = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization|Chart\.yaml)$/;
/** Objects of one app. */
const maximumObjects = 10_000;

export function createRenderer(threads: Threads): Renderer {
  return { render: (snapshot, path) => renderFolder(threads, snapshot, path) };
}

async function renderFolder(
  threads: Threads,
  snapshot: Snapshot,
  folder: string,
): Promise<Result<Rendering>> {
  const [skipped] = below(snapshot.skipped, folder);
  if (skipped !== undefined) {
    return fail("unsupported", `${skipped}: ${snapshot.skipped.get(skipped) ?? "not a regular file"}`);
  }
  const inside = below(snapshot.files, folder);
  const tool = inside.find((file) => toolFile.test(file));
  if (tool !== undefined) {
    return fail("unsupported", `${tool}: only plain manifests are rendered; Kustomize and Helm are not yet`);
  }
  const inputs = inside.filter((file) => manifest.test(file));
  const objects: RenderedObject[] = [];
  for (const file of inputs) {
    const bytes = snapshot.files.get(file) ?? new Uint8Array();
    const done = await threads.first(readFile, { file, bytes });
    if (!done.ok) return fail(done.failure.code, `${file}: reading it ${done.failure.message}`);
    const read = done.value;
    if (!read.ok) return read;
    objects.push(...read.value);
    if (objects.length > maximumObjects) {
      return fail("too-large", `${file}: the app has more than ${maximumObjects} objects`);
    }
  }
  return ok({ objects, inputs });
}

/** Paths of a folder in the order of their bytes, without what is below a dot folder (`.github`, `.git`). */
function below(paths: ReadonlyMap<string, unknown>, folder: string): readonly string[] {
  const prefix = folder === "." ? "" : `${folder}/`;
  return [...paths.keys()]
    .filter((path) => path.startsWith(prefix))
    .filter(
      (path) =>
        !path
          .slice(prefix.length)
          .split("/")
          .some((part) => part.startsWith(".")),
    )
    .sort((a, b) => (a < b ? -1 : 1));
}
