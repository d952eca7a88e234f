/** `lockkeeper render-server`: renders for `serve`, in a place that has nothing and reaches nothing. */

import type { Command } from "commander";
import { readSettings } from "../config/settings.ts";
import { startRenderServer } from "../render/render-server.ts";
import { usualLimits } from "../render/run-tool.ts";
import { ownWorkshop } from "../render/workshop.ts";
import { onShutdown } from "../runtime/shutdown.ts";

const settings = `
Settings come from the environment:
  HOST, PORT                              where it listens; default 127.0.0.1 and 3000
  LOCKKEEPER_KUSTOMIZE, LOCKKEEPER_HELM   the programs; default: those on the PATH
  LOCKKEEPER_RENDER_SECONDS               how long one rendering may take; default 90

\`serve\` uses it where LOCKKEEPER_RENDER_SERVER names it. It answers whoever reaches it, and needs no credentials.
`;

async function run(): Promise<void> {
  const names = ["host", "port", "kustomize", "helm", "renderSeconds"] as const;
  const read = readSettings(names, process.env, () => null);
  if (!read.ok) {
    process.stderr.write(`${read.problems.join("\n")}\n`);
    process.exitCode = 2;
    return;
  }
  const { host, port, kustomize, helm, renderSeconds } = read.settings;
  const places = { kustomize, helm, searchPath: process.env["PATH"] ?? "" };
  const workshop = ownWorkshop(places, { ...usualLimits, seconds: renderSeconds });
  const server = await startRenderServer(workshop, { host, port });
  process.stderr.write(`rendering on ${host}:${server.port}\n`);
  onShutdown(() => server.stop());
}

export function registerRenderServer(program: Command): void {
  program
    .command("render-server")
    .description("renders for serve, in a place without credentials and network")
    .addHelpText("after", settings)
    .action(run);
}
