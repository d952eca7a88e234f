/** `npm run bench`: what Lockkeeper costs in requests, time and memory, for repositories that are always the same. */

import { parseArgs } from "node:util";
import { findAssets } from "../../src/sandbox/cluster/cluster-assets.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { applyCost } from "./apply-cost.ts";
import { folderCost } from "./folder-cost.ts";
import { fullCheckCost } from "./full-check-cost.ts";
import { judgeCost } from "./judge-cost.ts";
import { openLoop } from "./loop.ts";
import type { Measurement } from "./measurement.ts";
import { memoryCost } from "./memory-cost.ts";
import { mergeCount, mergeLatency } from "./merge-latency.ts";
import { objectCost } from "./object-cost.ts";
import { openSandbox } from "./open-sandbox.ts";
import { jsonText, tableText } from "./report-text.ts";
import { must, openLockkeeper } from "./lockkeeper.ts";
import { reloadCost } from "./reload-cost.ts";
import { scanCost } from "./scan-cost.ts";
import { stallCost } from "./stall-cost.ts";

/** Nothing here takes so long; a hanging bench is a finding of its own. */
const deadlineMs = 20 * 60_000;

async function requests(): Promise<readonly Measurement[]> {
  const sandbox = await openSandbox(["acme/many"], "in-memory");
  try {
    const lockkeeper = await openLockkeeper(sandbox, "many");
    const scanning = await scanCost(lockkeeper);
    const { pulls } = lockkeeper.world.forge.open(lockkeeper.repository, "check");
    const [bump] = must(await pulls.open("main"));
    return [...scanning, ...(await judgeCost(lockkeeper, bump?.number ?? 0))];
  } finally {
    await sandbox.stop();
  }
}

async function loop(kind: Sandbox["cluster"]["kind"]): Promise<readonly Measurement[]> {
  const opened = await openLoop(kind);
  try {
    const merging = await mergeLatency(opened);
    const objects = await objectCost(opened, mergeCount + 1);
    return [...merging, ...objects, ...(await reloadCost(opened))];
  } finally {
    await opened.close();
  }
}

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const tell = (text: string) => process.stderr.write(`${text}\n`);
setTimeout(() => {
  tell("the bench did not end within 20 minutes");
  process.exit(1);
}, deadlineMs).unref();

const began = performance.now();
const rows: Measurement[] = [];
tell("Scanning and judging …");
rows.push(...(await requests()));
tell("Scanning a folder …");
rows.push(...(await folderCost()));
tell("Merging, drifting and healing on the API in memory …");
rows.push(...(await loop("in-memory")));
if (findAssets(process.env) === null) tell("No kube-apiserver here: npm test says how one is got.");
else {
  tell("The same on a real kube-apiserver …");
  rows.push(...(await loop("kube-apiserver")));
  tell("Checking 10,000 objects …");
  rows.push(...(await fullCheckCost(tell)));
}
tell("Applying and planning beside kubectl …");
rows.push(...(await applyCost(tell)));
tell("Reading what is made to stop the loop …");
rows.push(...(await stallCost()));
tell("Serving …\n");
rows.push(...(await memoryCost()));
console.log(values.json ? jsonText(rows, (performance.now() - began) / 1000) : tableText(rows));
