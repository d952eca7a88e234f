/** What `serve` holds in memory, as a process of its own, after it has scanned and applied everything. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { deployed, environmentFor } from "./loop.ts";
import type { Measurement } from "./measurement.ts";
import { openSandbox } from "./open-sandbox.ts";
import { somebody } from "./people.ts";
import { type Memory, memoryIsTold, startServe } from "./serve-process.ts";
import { waitFor } from "./wait-for.ts";
import { imageCount } from "./repositories.ts";

/** The design's, for 1,000 repositories and 10,000 objects. */
const goal = 256;
const quietMs = 1000;

/** Nothing where the system has no /proc. */
export async function memoryCost(): Promise<readonly Measurement[]> {
  if (!memoryIsTold) return [];
  const sandbox = await openSandbox(["acme/many", "acme/big"], "in-memory");
  const directory = await mkdtemp(join(tmpdir(), "lockkeeper-bench-"));
  const serve = startServe(await environmentFor(sandbox, directory));
  try {
    await workDone(sandbox);
    return memoryRows(serve.memory());
  } finally {
    await serve.stop();
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

function memoryRows({ resident, files, peak }: Memory): readonly Measurement[] {
  const detail =
    `2 repositories, 500 manifests, 200 images, 200 objects; ` +
    `${Math.round(files)} MiB of it are files of the runtime; at most ${Math.round(peak)} MiB`;
  return [
    {
      measure: "memory, resident after all of this",
      value: resident,
      unit: "MiB",
      goal,
      on: "serve as a process, on the sandbox",
      detail,
    },
  ];
}
