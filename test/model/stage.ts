/** One sandbox for all runs of a process: a GitHub and a registry, of which each run gets a repository and empty shelves. */

import { createPrivateKey } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configPath } from "../../src/config/config.ts";
import type { RepositoryRef } from "../../src/model/repository.ts";
import { ownManifest, readAppManifest } from "../../src/sandbox/app-manifest.ts";
import { type SandboxGitHub, startGitHub } from "../../src/sandbox/github.ts";
import type { Delivery } from "../../src/sandbox/github/delivery.ts";
import type { Git } from "../../src/sandbox/github/git/git.ts";
import type { Repository } from "../../src/sandbox/github/repository-state.ts";
import { type SandboxRegistry, startRegistry } from "../../src/sandbox/registry.ts";
import { type OwnThreads, createThreads } from "../../src/threads/create-threads.ts";
import type { Grouping } from "./groups.ts";
import { type Answer, call, value } from "../flows/user-call.ts";

/** Milliseconds from one thing that happens to the next. */
const tick = 2000;
const owner = "acme";
/** Where files are written to no disk, on machines that have it. */
const memory = "/dev/shm";

/** The time of the sandbox: it stands still while something happens, so that a run is the same each time. */
export class Clock {
  #now = Date.now();

  now(): Date {
    return new Date(this.#now);
  }

  /** Signatures of the App are of real time. */
  reset(): void {
    this.#now = Date.now();
  }

  advance(): void {
    this.#now += tick;
  }
}

export interface Stage {
  readonly threads: OwnThreads;
  readonly github: SandboxGitHub;
  readonly registry: SandboxRegistry;
  readonly clock: Clock;
  /** The App's key in the form that needs no rewriting for each signature. */
  readonly privateKey: string;
  open(files: ReadonlyMap<string, string>): Promise<Plot>;
  stop(): Promise<void>;
}

/** What one run has for itself. */
export interface Plot {
  readonly stage: Stage;
  readonly record: Repository;
  readonly git: Git;
  readonly ref: RepositoryRef;
  /** Webhooks on their way, oldest first. */
  readonly inbox: Delivery[];
  /** Calls the repository's API as ada, who administrates it; throws what is refused. */
  readonly ada: (method: string, path: string, body?: unknown) => Promise<Answer>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const clock = new Clock();
  const registry = await startRegistry({ clock });
  const { name, slug, permissions, events } = value(await readAppManifest(ownManifest));
  const directory = await mkdtemp(join(existsSync(memory) ? memory : tmpdir(), "sandbox-github-"));
  const github = await startGitHub({
    directory,
    app: { name, slug, permissions, events },
    clock,
    keyBits: 1024,
  });
  github.addOrganisation(owner);
  github.setWebhookUrl(`${github.webUrl}/nobody`);
  const threads = createThreads({ atOnce: 1, idleMs: 60_000 });
  let runs = 0;
  const stage: Stage = {
    threads,
    github,
    registry,
    clock,
    privateKey: createPrivateKey(github.privateKey).export({ type: "pkcs8", format: "pem" }).toString(),
    open: (files) => openPlot(stage, `gitops-${(runs += 1)}`, files),
    stop: async () => {
      threads.close();
      await Promise.all([github.stop(), registry.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
  return stage;
}

/** `images` beside the defaults: `m` is followed by its digest; platforms are not this test's business. */
export function configText(limit: number, group: Grouping): string {
  return `apps:
  - match: "apps/{app}/{environment}"
    environment: "{environment}"
    mode: propose
images:
  - { match: "**/m", policy: { digest: true }, tags: { platforms: [] } }
  - { match: "**", tags: { platforms: [] } }
pulls: { limit: ${limit}, group: ${group} }
`;
}

async function openPlot(stage: Stage, name: string, files: ReadonlyMap<string, string>): Promise<Plot> {
  const { github, clock, registry } = stage;
  clock.reset();
  const token = github.addUser("ada");
  const record = await github.addRepository(owner, name, {
    files: new Map([[configPath, configText(10, "image")], ["README.md", "hello\n"], ...files]),
    permissions: { ada: "admin" },
  });
  const [installation] = github.install([record]);
  const inbox: Delivery[] = [];
  github.hub.faults.delivery = async (delivery) => void inbox.push(delivery);
  const git = github.hub.git(record);
  return {
    stage,
    record,
    git,
    ref: { id: record.id, owner, name, installation: installation!.id },
    inbox,
    ada: (method, path, body) => call(`${github.apiUrl}/repos/${owner}/${name}${path}`, token, method, body),
    close: async () => {
      github.faults.clear();
      await github.settle();
      git.close();
      forget(stage, record, token);
      (registry.requests as unknown[]).length = 0;
      await rm(record.directory, { recursive: true, force: true });
    },
  };
}

/** Thousands of runs must not make each other slow. */
function forget({ github }: Stage, record: Repository, token: string): void {
  const { store, requests } = github.hub;
  store.repositories.splice(store.repositories.indexOf(record), 1);
  for (const { repositories } of store.installations) repositories.delete(record);
  store.userTokens.delete(token);
  store.installationTokens.clear();
  store.deliveries.length = 0;
  requests.length = 0;
}
