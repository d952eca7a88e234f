/**
 * Lists one repository of a hostile registry in a process of its own, or reads an image of it:
 * `list-hostile.ts <host> <repository> <tags|labels>`. Writes how it ended, how long its event loop stood still at most, and how
 * much memory it took.
 */

import { monitorEventLoopDelay } from "node:perf_hooks";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { imageAt } from "./references.ts";

/** What a listing cost. */
export interface Ending {
  readonly tags: readonly string[] | null;
  readonly dropped: number;
  readonly code: string;
  readonly message: string;
  readonly stoppedMs: number;
  readonly residentMebibytes: number;
}

const [host = "", repository = "", what = ""] = process.argv.slice(2);
const registry = createRegistry({ insecureHosts: [host], deadlineMs: 20_000 });
// Everything is loaded and has run once before anything is measured.
await registry.tags(imageAt(host, "good/web"));
const before = process.memoryUsage.rss();
let peak = before;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const image = imageAt(host, repository);
const list = what === "tags" ? await registry.tags(image) : await registry.labels(image, "1.0.0");
delay.disable();
clearInterval(watch);
const ending: Ending = {
  tags: list.ok && "tags" in list.value ? list.value.tags : null,
  dropped: list.ok && "dropped" in list.value ? list.value.dropped : 0,
  code: list.ok ? "" : list.failure.code,
  message: list.ok ? "" : list.failure.message,
  stoppedMs: delay.max / 1e6,
  residentMebibytes: (Math.max(peak, process.memoryUsage.rss()) - before) / 1024 / 1024,
};
process.stdout.write(JSON.stringify(ending), () => process.exit(0));
