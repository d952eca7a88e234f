/** Renders a folder with a kustomization, by kustomize on a copy of the app's inputs. */

import { posix } from "node:path";
import { topOf } from "../manifests/cursor.ts";
import { kustomizationNames } from "../manifests/kustomize-tree.ts";
import { decodeText, parseSource } from "../manifests/source-file.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Files } from "../manifests/repository-objects.ts";
import { kustomizeOrigin, withoutOrigin } from "./origin.ts";
import type { ToolJob } from "./run-tool.ts";
import type { ToolOutput } from "./tool-output.ts";
import { helmTool, kustomizeTool } from "./tools.ts";
import type { ToolFinder } from "./workshop.ts";

/** What is run and how its output is read. */
export interface Build {
  readonly job: ToolJob;
  readonly output: Pick<ToolOutput, "originOf" | "strip">;
}

/** Files anywhere in the repository may be read, as Flux lets kustomizations do; the copy holds no other. */
const anywhere = ["--load-restrictor", "LoadRestrictionsNone"];

export async function kustomizeBuild(tools: ToolFinder, path: string, files: Files): Promise<Result<Build>> {
  const name = kustomizationNames.find((one) => files.has(posix.join(path, one))) ?? "kustomization.yaml";
  const file = posix.join(path, name);
  const tool = await tools.find(kustomizeTool);
  if (!tool.ok) return fail(tool.failure.code, `${file}:1: ${tool.failure.message}`);
  const inflates = chartFile(files);
  const helm = inflates === null ? null : await tools.find(helmTool);
  if (helm?.ok === false) return fail(helm.failure.code, `${inflates ?? file}:1: ${helm.failure.message}`);
  const withCharts = helm === null ? [] : ["--enable-helm", "--helm-command", helm.value.path];
  const programs: ToolJob["programs"] = [tool.value.path, ...(helm === null ? [] : [helm.value.path])];
  const traced = withOrigins(files.get(file) ?? new Uint8Array());
  const copy = traced === null ? files : new Map(files).set(file, traced);
  const args = ["build", `./${path}`, ...anywhere, ...withCharts];
  return ok({
    job: { name: "kustomize", programs, args, files: copy },
    output: {
      originOf: kustomizeOrigin(path, file),
      strip: traced === null ? (object) => object : withoutOrigin,
    },
  });
}

/** The first kustomization that takes in a chart. */
function chartFile(files: Files): string | null {
  for (const [file, bytes] of files)
    if (
      kustomizationNames.some((name) => posix.basename(file) === name) &&
      /^\s*["']?helmCharts["']?\s*:/m.test(decodeText(bytes) ?? "")
    )
      return file;
  return null;
}

/**
 * The kustomization with a last line that has kustomize say of each object where it comes from; null where that line would not
 * be a new setting of it.
 */
function withOrigins(bytes: Uint8Array): Uint8Array | null {
  const text = decodeText(bytes) ?? "";
  const asked = `${text}${text.endsWith("\n") ? "" : "\n"}buildMetadata: [originAnnotations]\n`;
  if (/^(?:\.\.\.|---)|buildMetadata/m.test(text.replace(/^\uFEFF?(?:\s*#.*\n|\s*\n)*---/, ""))) return null;
  const [before, after] = [keysOf(text), keysOf(asked)];
  if (before === null || after === null) return null;
  return after.join("\n") === [...before, "buildMetadata"].join("\n") ? Buffer.from(asked) : null;
}

/** The settings of a kustomization, by name; null where it is not one map. */
function keysOf(text: string): readonly string[] | null {
  const source = parseSource(text);
  const [document, ...others] = source.ok ? source.value.documents : [];
  if (document === undefined || others.length > 0 || document.errors.length > 0) return null;
  return [...(topOf(document)?.values.keys() ?? [])];
}
