/** A sandbox with one repository and a registry, the real adapters onto both, and people who act over GitHub's API. */

import { configPath } from "../../src/config/config.ts";
import { scan } from "../../src/flows/scan/scan.ts";
import type { World } from "../../src/flows/world.ts";
import { type GitHubForge, createForge } from "../../src/github/forge.ts";
import type { Result } from "../../src/model/failure.ts";
import type { Key } from "../../src/model/key.ts";
import type { PullRequest } from "../../src/model/pull.ts";
import type { RepositoryRef } from "../../src/model/repository.ts";
import { branchPrefix } from "../../src/plan/branch.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { ownManifest, readAppManifest } from "../../src/sandbox/app-manifest.ts";
import { type SandboxGitHub, startGitHub } from "../../src/sandbox/github.ts";
import { type SandboxRegistry, startRegistry } from "../../src/sandbox/registry.ts";
import { createThreads } from "../../src/threads/create-threads.ts";
import { type Answer, call, value } from "./user-call.ts";

export const config = `apps:
  - match: "apps/{app}/{environment}"
    environment: "{environment}"
    mode: propose
`;

export interface ScanWorld {
  readonly github: SandboxGitHub;
  readonly registry: SandboxRegistry;
  readonly forge: GitHubForge;
  readonly world: World;
  readonly repository: RepositoryRef;
  readonly queued: { readonly key: Key; readonly afterSeconds: number | undefined }[];
  readonly warnings: string[];
  /** Runs the flow as a process would that has just started: it remembers nothing. */
  readonly scan: () => Promise<Result<void>>;
  /** All pull requests of ours, newest first. */
  readonly bumps: (state: "open" | "closed") => Promise<readonly PullRequest[]>;
  /** A file of a branch as text. */
  readonly read: (path: string, ref?: string) => Promise<string>;
  /** Puts a file on a branch as ada. */
  readonly write: (path: string, text: string, branch?: string) => Promise<string>;
  /** Calls the repository's API as ada; throws what is refused. */
  readonly ada: (method: string, path: string, body?: unknown) => Promise<Answer>;
  /** Lets seconds pass on the side of GitHub, so that what comes before and after differ by more than its seconds. */
  readonly pass: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * `files` get the registry's host in place of `REGISTRY`; images are pushed as `repository:tag`; `writers` may write besides
 * ada.
 */
export async function startScan(
  files: Readonly<Record<string, string>>,
  images: readonly string[],
  writers: readonly string[] = [],
): Promise<ScanWorld> {
  const registry = await startRegistry();
  for (const image of images) await pushImage(registry, image);
  const { name, slug, permissions, events } = value(await readAppManifest(ownManifest));
  let ahead = 0;
  const clock = { now: () => new Date(Date.now() + ahead) };
  const github = await startGitHub({ app: { name, slug, permissions, events }, clock });
  const token = github.addUser("ada");
  for (const login of writers) github.addUser(login);
  github.addOrganisation("acme", ["ada", ...writers]);
  const all = Object.entries({ [configPath]: config, ...files });
  const placed = all.map(([path, text]) => [path, text.replaceAll("REGISTRY", registry.host)] as const);
  const made = await github.addRepository("acme", "gitops", {
    files: new Map(placed),
    permissions: {
      ada: "maintain",
      ...Object.fromEntries(writers.map((login) => [login, "write" as const])),
    },
  });
  github.install([made]);
  const { appId, privateKey, apiUrl } = github;
  const forge = createForge({ appId, privateKey, baseUrl: apiUrl, pacing: false });
  const repository = value(await forge.repositories())[0]!;
  const queued: ScanWorld["queued"] = [];
  const warnings: string[] = [];
  const world: World = {
    ...absent,
    forge,
    registry: createRegistry({ insecureHosts: [registry.host] }),
    targets: [],
    queue: { add: (key, afterSeconds) => void queued.push({ key, afterSeconds }) },
    clock: { now: () => new Date() },
    log: { info: () => {}, warn: (_, message) => void warnings.push(message) },
  };
  const ada: ScanWorld["ada"] = (method, path, body) =>
    call(`${apiUrl}/repos/acme/gitops${path}`, token, method, body);
  const { pulls } = forge.open(repository, "scan");
  return {
    github,
    registry,
    forge,
    world,
    repository,
    queued,
    warnings,
    scan: () => scan({ ...world }, repository),
    bumps: async (state) =>
      state === "closed" ? value(await pulls.closed(branchPrefix)).pulls : value(await pulls.open("main")),
    read: async (path, ref = "main") => {
      const { content } = await ada("GET", `/contents/${path}?ref=${encodeURIComponent(ref)}`);
      return Buffer.from(content, "base64").toString();
    },
    write: (path, text, branch = "main") =>
      writeFile(ada, path, text.replaceAll("REGISTRY", registry.host), branch),
    ada,
    pass: () => void (ahead += 5000),
    stop: async () => {
      await Promise.all([github.stop(), registry.stop()]);
    },
  };
}

export function pushImage(registry: SandboxRegistry, image: string): Promise<string> {
  const [repository = "", tag = ""] = image.split(":");
  return registry.push(repository, tag);
}

/** A pod with containers one below the other, images as given. */
export function pod(...images: readonly string[]): string {
  const containers = images.map((image, index) => `    - name: c${index}\n      image: REGISTRY/${image}\n`);
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod\nspec:\n  containers:\n${containers.join("")}`;
}

/** One thread serves all worlds of a file. */
const threads = createThreads();

const absent = {
  cluster: null,
  threads,
  renderer: {
    render: () => {
      throw new Error("a scan renders nothing");
    },
  },
};

async function writeFile(ada: ScanWorld["ada"], path: string, text: string, branch: string): Promise<string> {
  const old = await ada("GET", `/contents/${path}?ref=${encodeURIComponent(branch)}`).catch(() => undefined);
  const content = Buffer.from(text).toString("base64");
  const pushed = await ada("PUT", `/contents/${path}`, { message: "Change", content, branch, sha: old?.sha });
  return pushed.commit.sha;
}
