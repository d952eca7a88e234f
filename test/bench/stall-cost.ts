/** How long the event loop stops at the longest for each input that was made to stop it. */

import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { editFile } from "../../src/flows/scan/edit-file.ts";
import { findImages } from "../../src/flows/scan/find-images.ts";
import { listCandidates } from "../../src/flows/scan/image-candidates.ts";
import { parseImageReference } from "../../src/model/image.ts";
import type { Occurrence } from "../../src/model/update.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createRenderer } from "../../src/render/renderer.ts";
import { type ImagePolicy, newestVersion } from "../../src/tags/policy.ts";
import { type OwnThreads, createThreads } from "../../src/threads/create-threads.ts";
import { hostileFiles } from "../flows/scan/hostile-files.ts";
import { must } from "./lockkeeper.ts";
import type { Measurement } from "./measurement.ts";

type LoopDelay = ReturnType<typeof monitorEventLoopDelay>;

const goal = 200;
const settleMs = 50;

export async function stallCost(): Promise<readonly Measurement[]> {
  const threads = createThreads();
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  try {
    return [...(await files(threads, loop)), ...(await tags(threads, loop))];
  } finally {
    loop.disable();
    threads.close();
  }
}

/** Found, edited and rendered. */
async function files(threads: OwnThreads, loop: LoopDelay): Promise<readonly Measurement[]> {
  const renderer = createRenderer(threads);
  const rows: Measurement[] = [];
  for (const [name, text] of Object.entries(hostileFiles)) {
    const path = `app/${name}.yaml`;
    const bytes = Buffer.from(text.replaceAll("REGISTRY", "registry.example"));
    const all = new Map([[path, bytes]]);
    rows.push(
      await longestStall(loop, `stall, file of ${name}`, async () => {
        const found: Occurrence[] = [];
        await findImages({ threads, surroundings: { files: all } }, (_, { occurrences }) => {
          found.push(...occurrences);
        });
        const edits = found.slice(0, 1).map((occurrence) => ({ occurrence, to: { tag: "2", digest: null } }));
        await editFile(threads, path, { bytes, edits });
        await renderer.render({ sha: "0", files: all, skipped: new Map() }, { path: "app" });
      }),
    );
  }
  return rows;
}

const slowPattern: ImagePolicy = {
  ...newestVersion,
  tags: { ...newestVersion.tags, pattern: String.raw`^(?:(?:\w|\w\w|[.0-9]){0,60}){1,2}$` },
};

/** Listed and judged. */
async function tags(threads: OwnThreads, loop: LoopDelay): Promise<readonly Measurement[]> {
  const server = new Worker(new URL("./stall-registry.ts", import.meta.url));
  const [port] = (await once(server, "message")) as [number];
  const host = `127.0.0.1:${port}`;
  const world = {
    registry: createRegistry({ insecureHosts: [host] }),
    clock: { now: () => new Date() },
    threads,
  };
  const judge = async (name: string, policy: ImagePolicy): Promise<void> => {
    const wish = { image: must(parseImageReference(`${host}/acme/${name}:1.0.0`)), policy };
    const find = await listCandidates(world, [wish]);
    await find(wish);
  };
  const rows: Measurement[] = [];
  for (const name of ["100000-tags", "tag-of-1-mb", "html", "loop", "10-gib"])
    rows.push(await longestStall(loop, `stall, registry of ${name}`, () => judge(name, newestVersion)));
  rows.push(
    await longestStall(loop, "stall, slow pattern over 100000 tags", () => judge("100000-tags", slowPattern)),
  );
  await server.terminate();
  return rows;
}

async function longestStall(
  loop: LoopDelay,
  measure: string,
  work: () => Promise<void>,
): Promise<Measurement> {
  await pause(settleMs);
  loop.reset();
  const began = performance.now();
  await work();
  await pause(settleMs);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  return {
    measure,
    value: loop.max / 1e6,
    unit: "ms",
    goal,
    on: "this process",
    detail: `${seconds} s in all`,
  };
}
