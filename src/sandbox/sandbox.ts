/** The whole sandbox: a small GitHub, a registry and a cluster on real sockets of this machine, seeded from a folder. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppManifest } from "./app-manifest.ts";
import { type SandboxCluster, startCluster } from "./cluster.ts";
import { type SandboxGitHub, startGitHub } from "./github.ts";
import { type SandboxRegistry, startRegistry } from "./registry.ts";
import { type Seed, atRegistry } from "./seed.ts";

export interface SandboxOptions {
  readonly app: AppManifest;
  readonly seed?: Seed;
  readonly webhookUrl?: string;
  /** `auto` takes a real kube-apiserver where one is at hand. */
  readonly cluster?: "auto" | "kube-apiserver" | "in-memory";
}

export interface Sandbox {
  readonly github: SandboxGitHub;
  readonly registry: SandboxRegistry;
  readonly cluster: SandboxCluster;
  /** A token for each person of the seed. */
  readonly users: Readonly<Record<string, string>>;
  /** File with the App's private key, readable by its owner only. */
  readonly privateKeyFile: string;
  stop(): Promise<void>;
}

/** Starts all three and seeds them. What it leaves on disk goes with `stop`; one that does not start takes the others along. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const directory = await mkdtemp(join(tmpdir(), "lockkeeper-sandbox-"));
  const starting = [
    startGitHub({ app: options.app }),
    startRegistry(),
    startCluster({ kind: options.cluster ?? "auto" }),
  ] as const;
  const stop = async () => {
    const started = await Promise.allSettled(starting);
    await Promise.all(started.flatMap((part) => (part.status === "fulfilled" ? [part.value.stop()] : [])));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const [github, registry, cluster] = await Promise.all(starting);
    const privateKeyFile = join(directory, "private-key.pem");
    await writeFile(privateKeyFile, github.privateKey, { mode: 0o600 });
    if (options.webhookUrl !== undefined) github.setWebhookUrl(options.webhookUrl);
    const users = options.seed === undefined ? {} : await plant(options.seed, github, registry);
    return { github, registry, cluster, users, privateKeyFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function plant(
  seed: Seed,
  github: SandboxGitHub,
  registry: SandboxRegistry,
): Promise<Record<string, string>> {
  const users = Object.fromEntries(seed.users.map((login) => [login, github.addUser(login)]));
  for (const [login, { members, teams }] of Object.entries(seed.organisations)) {
    github.addOrganisation(login, members);
    for (const [team, people] of Object.entries(teams)) github.addTeam(login, team, people);
  }
  for (const [repository, images] of Object.entries(seed.images)) {
    for (const image of images) {
      const { tag, ...said } = typeof image === "string" ? { tag: image } : image;
      await registry.push(repository, tag, said);
    }
  }
  const installed = [];
  for (const [fullName, { permissions, protect }] of Object.entries(seed.repositories)) {
    const [owner = "", name = ""] = fullName.split("/");
    const files = atRegistry(seed.files.get(fullName) ?? new Map(), registry.host);
    const repository = await github.addRepository(owner, name, { files, permissions, protect });
    if (seed.install.includes(fullName)) installed.push(repository);
  }
  github.install(installed);
  return users;
}
