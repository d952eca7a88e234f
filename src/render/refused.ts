/** Looks through the inputs of an app for what is refused before a tool is run. */

import { posix } from "node:path";
import { filesBelow, readInputs, toolOf } from "../manifests/app-inputs.ts";
import { isKustomizationFile } from "../manifests/kustomize-tree.ts";
import { pathsFrom } from "../manifests/named-paths.ts";
import type { Snapshot } from "../model/repository.ts";
import type { Task } from "../ports/threads.ts";
import type { RenderedApp } from "../ports/renderer.ts";
import { type LocalChart, localCharts, refusedChart } from "./refused-chart.ts";
import { type Refused, readSource, refusedText, whyUnreadable } from "./refused-file.ts";
import { refusedKustomization, whyNotBuiltin } from "./refused-kustomization.ts";

export interface Prepared {
  /** Paths of the commit that are copied. */
  readonly inputs: readonly string[];
  /** Copies of charts, from one folder into another. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
}

interface Asked {
  readonly snapshot: Snapshot;
  readonly app: RenderedApp;
}

/** What is laid out for the tool, or why it is not run. */
export const prepare: Task<Asked, Prepared | { readonly refused: Refused }> = {
  module: import.meta.url,
  name: "prepare",
  run: ({ snapshot, app }) => [prepared(snapshot, app)],
};

function prepared(snapshot: Snapshot, app: RenderedApp): Prepared | { readonly refused: Refused } {
  const { files: all, folders } = readInputs(app.path, snapshot.files, app.helm?.values);
  const inputs = [...all].filter((path) => snapshot.files.has(path)).toSorted();
  const refused =
    linked(snapshot, all, folders) ?? missingValues(snapshot, app) ?? firstRefused(snapshot, inputs);
  if (refused !== null) return { refused };
  if (toolOf(app.path, snapshot.files) !== "helm") return { inputs, copies: [] };
  const copies = chartCopies(snapshot, app.path);
  return copies === null
    ? { refused: `${app.path}/Chart.yaml:1: the charts that it depends on depend on each other` }
    : { inputs, copies };
}

/** What is named, or lies in a folder that is taken whole, and is no regular file. */
function linked(
  snapshot: Snapshot,
  named: ReadonlySet<string>,
  folders: ReadonlySet<string>,
): Refused | null {
  for (const path of named) {
    const why = whyUnreadable(snapshot, path);
    if (why !== null) return `${path}: ${why}`;
  }
  for (const folder of folders) {
    const [inside] = filesBelow(folder, snapshot.skipped);
    if (inside !== undefined) return `${inside}: ${snapshot.skipped.get(inside) ?? "no regular file"}`;
  }
  return null;
}

function missingValues({ files }: Snapshot, { path, helm }: RenderedApp): Refused | null {
  const missing = helm?.values.find((text) => !pathsFrom(path, text).some((file) => files.has(file)));
  return missing === undefined
    ? null
    : `${path}: helm.values names "${missing}", which is no file of the repository (paths are from the app's folder)`;
}

function firstRefused(snapshot: Snapshot, inputs: readonly string[]): Refused | null {
  for (const file of inputs) {
    const refused = refusedFile(snapshot, file);
    if (refused !== null) return refused;
  }
  return null;
}

function refusedFile(snapshot: Snapshot, file: string): Refused | null {
  const bytes = snapshot.files.get(file) ?? new Uint8Array();
  const folder = posix.dirname(file);
  const isKustomization = isKustomizationFile(file);
  const isChart = /^(?:Chart|requirements)\.yaml$/.test(posix.basename(file));
  if (isKustomization || isChart) {
    const source = readSource(file, snapshot);
    if (!source.ok) return source.failure.message;
    const own = { ...source.value, folder };
    const refused = isKustomization ? refusedKustomization(own) : refusedChart(own);
    if (refused !== null) return refused;
  } else if (/apiVersion:\s*["']?builtin/.test(Buffer.from(bytes).toString("latin1"))) {
    const source = readSource(file, snapshot);
    for (const top of source.ok ? source.value.tops : []) {
      const why = source.ok ? whyNotBuiltin(top) : null;
      if (why !== null && source.ok) return source.value.refuse(top, why);
    }
  }
  return refusedText(file, bytes);
}

/** Charts within charts within charts: no repository has more. */
const deepest = 10;

/** Null where they never end. */
function chartCopies(snapshot: Snapshot, folder: string): Prepared["copies"] | null {
  const copies: { readonly from: string; readonly to: string }[] = [];
  const waiting = [{ from: folder, to: folder, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { from, to, depth } = next;
    if (depth > deepest) return null;
    if (depth > 0) copies.push({ from, to });
    for (const { name, path } of chartsOf(snapshot, from))
      waiting.push({ from: path, to: posix.join(to, "charts", name), depth: depth + 1 });
  }
  return copies;
}

function chartsOf(snapshot: Snapshot, folder: string): readonly LocalChart[] {
  return ["Chart.yaml", "requirements.yaml"].flatMap((name) => {
    const file = posix.join(folder, name);
    const source = snapshot.files.has(file) ? readSource(file, snapshot) : null;
    return source?.ok === true ? localCharts({ ...source.value, folder }) : [];
  });
}
