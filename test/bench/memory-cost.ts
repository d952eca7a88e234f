/** What `serve` holds in memory, as a process of its own, after it has scanned and applied everything. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { deployed, environmentFor } from "./loop.ts";
import type { Measurement } from "./measurement.ts";
import { openSandbox } from "./open-sandbox.ts";
import { somebody } from "./people.ts";
import { waitFor } from "./wait-for.ts";
import { imageCount } from "./repositories.ts";

/** The design's, for 1,000 repositories and 10,000 objects. */
const goal = 256;
const quietMs = 1000;
const main = join(import.meta.dirname, "..", "..", "src", "main.ts");

/** Nothing where the system has no /proc. */
export async function memoryCost(): Promise<readonly Measurement[]> {
  if (!existsSync("/proc/self/status")) return [];
  const sandbox = await openSandbox(["acme/many", "acme/big"], "in-memory");
  const directory = await mkdtemp(join(tmpdir(), "lockkeeper-bench-"));
  const env = { ...process.env, ...(await environmentFor(sandbox, directory)) };
  const child = spawn(process.execPath, [main, "serve"], { env, stdio: ["ignore", "ignore", "inherit"] });
  try {
    await workDone(sandbox);
    return memoryRows(readFileSync(`/proc/${child.pid}/status`, "utf8"));
  } finally {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
    await sandbox.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Every image is listed, the app of 200 objects is healthy, and nothing has been asked for a second. */
async function workDone(sandbox: Sandbox): Promise<void> {
  const { github, registry } = sandbox;
  await deployed({ grace: somebody(sandbox, "grace"), settle: () => github.settle() }, 1);
  await waitFor("all listings", () => {
    const listings = registry.requests.filter(({ path }) => path.includes("/tags/list"));
    return listings.length >= imageCount ? true : undefined;
  });
  let before = -1;
  let asked = 0;
  github.hub.observers.push(() => (asked += 1));
  while (before !== asked + registry.requests.length) {
    before = asked + registry.requests.length;
    await pause(quietMs);
  }
}

function memoryRows(status: string): readonly Measurement[] {
  const mebibytes = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  const on = "serve as a process, on the sandbox";
  const detail =
    `2 repositories, 500 manifests, 200 images, 200 objects; ` +
    `${Math.round(mebibytes("RssFile"))} MiB of it are files of the runtime; at most ${Math.round(mebibytes("VmHWM"))} MiB`;
  return [
    {
      measure: "memory, resident after all of this",
      value: mebibytes("VmRSS"),
      unit: "MiB",
      goal,
      on,
      detail,
    },
  ];
}
