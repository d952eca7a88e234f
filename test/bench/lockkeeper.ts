/** Lockkeeper's flows on a sandbox, to be called one at a time. */

import type { World } from "../../src/flows/world.ts";
import { createForge } from "../../src/github/forge.ts";
import type { Result } from "../../src/model/failure.ts";
import type { RepositoryRef } from "../../src/model/repository.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createRenderer } from "../../src/render/renderer.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createThreads } from "../../src/threads/create-threads.ts";
import { type Count, counting } from "./counting.ts";

/** A process that has just started, with its flows called one at a time. */
export interface Lockkeeper {
  readonly sandbox: Sandbox;
  readonly world: World;
  readonly repository: RepositoryRef;
  readonly count: Count;
}

export async function openLockkeeper(sandbox: Sandbox, name: string): Promise<Lockkeeper> {
  const { appId, privateKey, apiUrl } = sandbox.github;
  const open = () => createForge({ appId, privateKey, baseUrl: apiUrl, pacing: false });
  const repository = must(await open().repositories()).find((each) => each.name === name);
  if (repository === undefined) throw new Error(`the App is not installed on ${name}`);
  const forge = open();
  const threads = createThreads();
  const world: World = {
    forge,
    threads,
    registry: createRegistry({ insecureHosts: [sandbox.registry.host] }),
    renderer: createRenderer(threads),
    cluster: null,
    targets: [],
    queue: { add: () => {} },
    clock: { now: () => new Date() },
    log: { info: () => {}, warn: (fields, message) => console.error(message, fields) },
  };
  return { sandbox, world, repository, count: counting(sandbox.github, forge) };
}

/** The value of a result that must have succeeded. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}
