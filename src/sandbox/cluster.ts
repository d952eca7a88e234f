/** The sandbox's cluster: a real API server where one is at hand, else the one in memory, with somebody who plays the nodes. */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdminApi } from "./cluster/admin-api.ts";
import { findAssets } from "./cluster/cluster-assets.ts";
import { startApiServer } from "./cluster/kube-apiserver.ts";
import { kubeconfigText } from "./cluster/kubeconfig.ts";
import { startMemoryServer } from "./cluster/memory/memory-server.ts";
import { type Player, startPlayer } from "./cluster/player/start-player.ts";

export interface ClusterOptions {
  /** `auto`, the default, takes a real API server where `KUBEBUILDER_ASSETS` or the cache has one. */
  readonly kind?: "kube-apiserver" | "in-memory" | "auto";
  /** Folder with kube-apiserver and etcd; else it is looked for. */
  readonly assets?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where its files go; else a temporary folder that goes with `stop`. */
  readonly directory?: string;
}

export interface SandboxCluster {
  /** A file, readable by its owner only. */
  readonly kubeconfig: string;
  readonly kind: "kube-apiserver" | "in-memory";
  readonly version: string;
  readonly url: string;
  /** As administrator, for looking and for playing somebody else. */
  readonly api: AdminApi;
  /** Plays the nodes; can be paused, so that a rollout stands still. */
  readonly player: Player;
  /** In memory only: forgets past changes, so that older watches and pages are answered with 410. */
  compact?(): void;
  /** A real API server only: kills it and starts it again with everything that it kept. */
  readonly restart?: () => Promise<void>;
  stop(): Promise<void>;
}

/** Rejects, with the end of the server's log, where a real API server was asked for and does not come up. */
export async function startCluster(options: ClusterOptions = {}): Promise<SandboxCluster> {
  const assets = assetsFor(options);
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "lockkeeper-cluster-")));
  const cleanUp = async () => {
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  };
  try {
    await mkdir(directory, { recursive: true });
    const memory = assets === null ? await startMemoryServer() : null;
    const server = memory ?? (await startApiServer(assets ?? "", directory));
    const kubeconfig = join(directory, "kubeconfig");
    await writeFile(kubeconfig, kubeconfigText(server.access), { mode: 0o600 });
    const player = startPlayer(server.api, { controllers: server.controllers });
    return {
      kubeconfig,
      kind: memory === null ? "kube-apiserver" : "in-memory",
      version: server.version,
      url: server.access.url,
      api: server.api,
      player,
      ...(memory === null ? {} : { compact: () => memory.compact() }),
      ...(server.restart === undefined ? {} : { restart: server.restart }),
      async stop() {
        await player.stop();
        await server.stop();
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** Null for the API in memory. */
function assetsFor({ kind = "auto", assets, env = process.env }: ClusterOptions): string | null {
  if (kind === "in-memory") return null;
  const found = assets ?? findAssets(env);
  if (kind === "kube-apiserver" && found === null) {
    throw new Error(
      "no kube-apiserver here: set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd",
    );
  }
  return found;
}
