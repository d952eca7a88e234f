/** Renders a folder with a chart, by `helm template` on a copy of the app's inputs. */

import { posix } from "node:path";
import { filesBelow } from "../manifests/app-inputs.ts";
import type { Files } from "../manifests/repository-objects.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import type { RenderedApp } from "../ports/renderer.ts";
import type { Build } from "./kustomize.ts";
import { helmOrigin } from "./origin.ts";
import type { Prepared } from "./refused.ts";
import { helmTool } from "./tools.ts";
import type { ToolFinder } from "./workshop.ts";

/** What Helm takes for the name of a release. https://helm.sh/docs/chart_best_practices/conventions/ */
const releaseName = /^[a-z0-9](?:[a-z0-9.-]{0,51}[a-z0-9])?$/;

export async function helmTemplate(
  tools: ToolFinder,
  { path, name, namespace, helm }: RenderedApp,
  { files, copies }: { readonly files: Files; readonly copies: Prepared["copies"] },
): Promise<Result<Build>> {
  const chart = posix.join(path, "Chart.yaml");
  const tool = await tools.find(helmTool);
  if (!tool.ok) return fail(tool.failure.code, `${chart}:1: ${tool.failure.message}`);
  const release = helm?.release ?? name ?? (posix.basename(path) === "." ? "release" : posix.basename(path));
  if (!releaseName.test(release)) {
    const fix = "set helm.release of the app to lower-case letters, digits and hyphens";
    return fail("unsupported", `${chart}:1: "${release}" cannot be the name of a release: ${fix}`);
  }
  const values = (helm?.values ?? []).flatMap((file) => ["--values", `./${posix.join(path, file)}`]);
  const where = ["--namespace", namespace ?? "default"];
  const args = ["template", release, `./${path}`, ...where, "--include-crds", "--skip-tests", ...values];
  const laidOut = new Map(files);
  for (const { from, to } of copies)
    for (const file of filesBelow(from, files))
      laidOut.set(posix.join(to, posix.relative(from, file)), files.get(file) ?? new Uint8Array());
  return ok({
    job: { name: "helm", programs: [tool.value.path], args, files: laidOut },
    output: { originOf: helmOrigin(path, chart), strip: (object) => object },
  });
}
