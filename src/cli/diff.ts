/** `lockkeeper diff`: local manifests against a cluster, field by field; changes nothing. */

import { homedir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { connectCluster } from "../cluster/connect-cluster.ts";
import { appsOf } from "../config/apps.ts";
import { configPath } from "../config/config.ts";
import { parseConfig } from "../config/parse-config.ts";
import type { App } from "../model/app.ts";
import type { Snapshot } from "../model/repository.ts";
import type { Cluster } from "../ports/cluster.ts";
import { turnOf } from "../rollout/turn.ts";
import { createRenderer } from "../render/renderer.ts";
import { createThreads } from "../threads/create-threads.ts";
import { type ObjectDiff, diffObjects } from "./diff-objects.ts";
import { diffJson, diffText } from "./diff-report.ts";
import { readLocalFiles } from "./local-files.ts";
import { problemsText } from "./problems-text.ts";
import { type CommandIo, processIo } from "./terminal.ts";

interface Options {
  readonly context?: string;
  readonly json?: boolean;
}

/** A part of the folder that is rendered for itself. */
type Part = Pick<App, "path" | "namespace"> & Partial<Pick<App, "name" | "helm">>;

/** Returns the exit code: 0 no differences, 1 differences, 2 where something could not be read or compared. */
export async function runDiff(folder: string, options: Options, io: CommandIo): Promise<number> {
  const local = readLocalFiles(folder, () => true);
  const snapshot = { sha: "", ...local };
  const parts = partsOf(snapshot, io);
  if (parts === null) return 2;
  const kubeconfigFile = io.env["KUBECONFIG"] || join(homedir(), ".kube", "config");
  const cluster = await connectCluster({ kubeconfigFile, context: options.context });
  if (!cluster.ok) return failed(io, cluster.failure.message);
  try {
    const diffs = await diffParts(snapshot, parts, { cluster: cluster.value, env: io.env });
    if (typeof diffs === "string") return failed(io, diffs);
    io.out(options.json === true ? diffJson(diffs) : `${diffText(diffs)}\n`);
    return exitCode(diffs);
  } finally {
    await cluster.value.close();
  }
}

function failed(io: CommandIo, message: string): number {
  io.error(`${message}\n`);
  return 2;
}

/** Every app of the configuration, or the folder itself where there is none; null when the configuration is broken. */
function partsOf(snapshot: Snapshot, io: CommandIo): readonly Part[] | null {
  const bytes = snapshot.files.get(configPath);
  if (bytes === undefined) return [{ path: ".", namespace: "default" }];
  const text = new TextDecoder().decode(bytes);
  const config = parseConfig(text, configPath);
  if (config.ok) return appsOf(config.value, snapshot.files.keys());
  io.error(problemsText(config.problems, text));
  return null;
}

/** All parts' objects, or why one cannot be rendered. */
async function diffParts(
  snapshot: Snapshot,
  parts: readonly Part[],
  { cluster, env }: { readonly cluster: Cluster; readonly env: CommandIo["env"] },
): Promise<readonly ObjectDiff[] | string> {
  const threads = createThreads();
  const renderer = createRenderer(threads, {
    kustomize: env["LOCKKEEPER_KUSTOMIZE"] || null,
    helm: env["LOCKKEEPER_HELM"] || null,
    searchPath: env["PATH"] ?? "",
  });
  const diffs: ObjectDiff[] = [];
  for (const part of parts) {
    const rendering = await renderer.render(snapshot, part);
    if (!rendering.ok) return rendering.failure.message;
    const wanted = rendering.value.objects.filter(({ object }) => !("leftOut" in turnOf(object)));
    diffs.push(...(await diffObjects(cluster, part, wanted)));
  }
  return diffs;
}

function exitCode(diffs: readonly ObjectDiff[]): number {
  if (diffs.some(({ change }) => change === "unknown")) return 2;
  return diffs.some(({ change }) => change !== "unchanged") ? 1 : 0;
}

export function registerDiff(program: Command): void {
  program
    .command("diff")
    .description("local manifests against a cluster; changes nothing, Secrets masked")
    .argument("[dir]", "folder with .github/lockkeeper.yml, or with manifests", ".")
    .option("--context <name>", "context of the kubeconfig; default: its current one")
    .option("--json", "print one line of JSON")
    .addHelpText(
      "after",
      "\nThe cluster is that of KUBECONFIG, else of ~/.kube/config. Kustomizations and charts are rendered by kustomize and Helm from the PATH, or as LOCKKEEPER_KUSTOMIZE and LOCKKEEPER_HELM name them.\nExit code: 0 no differences, 1 differences, 2 something could not be compared.",
    )
    .action(async (folder: string, options: Options) => {
      process.exitCode = await runDiff(folder, options, processIo());
    });
}
