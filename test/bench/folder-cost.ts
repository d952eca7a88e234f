/** What `scan --json` of a local folder costs, as a process of its own: processor time and memory, the registry's apart. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { startRegistry } from "../../src/sandbox/registry.ts";
import { gitopsFolder, manifestCount } from "./gitops-folder.ts";
import type { Measurement } from "./measurement.ts";
import { pushImages } from "./open-sandbox.ts";

const goals = { seconds: 3, mebibytes: 200 };
const main = join(import.meta.dirname, "..", "..", "src", "main.ts");
/** Has the process say on its fourth stream what it used, all its threads included. */
const meter = `data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,JSON.stringify(process.resourceUsage())))`;

export async function folderCost(): Promise<readonly Measurement[]> {
  const registry = await startRegistry();
  const directory = await mkdtemp(join(tmpdir(), "lockkeeper-bench-"));
  try {
    await pushImages(registry);
    for (const [path, manifest] of gitopsFolder(registry.host)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), manifest);
    }
    return await scanRows(directory, registry.host);
  } finally {
    await registry.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function scanRows(directory: string, host: string): Promise<readonly Measurement[]> {
  const child = spawn(process.execPath, ["--import", meter, main, "scan", "--json", directory], {
    env: { ...process.env, LOCKKEEPER_INSECURE_REGISTRIES: host, DOCKER_CONFIG: directory },
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  const [, out, , usage] = child.stdio as readonly unknown[] as readonly [null, Readable, null, Readable];
  const [report, used] = await Promise.all([text(out), text(usage), once(child, "exit")]);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(used) as NodeJS.ResourceUsage;
  const { images, requests } = JSON.parse(report) as { images: unknown[]; requests: { registry: number } };
  const about = {
    on: "a process of its own, sandbox registry",
    detail: `${images.length} images found, ${requests.registry} requests to the registry`,
  };
  const measure = `scan of a folder, ${manifestCount} manifests`;
  return [
    {
      ...about,
      measure: `${measure}, its processor time`,
      value: (userCPUTime + systemCPUTime) / 1e6,
      unit: "s",
      goal: goals.seconds,
    },
    {
      ...about,
      measure: `${measure}, resident at most`,
      value: maxRSS / 1024,
      unit: "MiB",
      goal: goals.mebibytes,
    },
  ];
}
