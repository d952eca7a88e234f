/** A sandbox with the bench's people, repositories and images. */

import { ownManifest, readAppManifest } from "../../src/sandbox/app-manifest.ts";
import type { SandboxRegistry } from "../../src/sandbox/registry.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { hugeRepository } from "./huge-repository.ts";
import { bigRepository, imageCount, imageName, manyManifests, tags } from "./repositories.ts";

type ClusterKind = Sandbox["cluster"]["kind"];

const repositories = { "acme/many": manyManifests, "acme/big": bigRepository, "acme/huge": hugeRepository };
type RepositoryName = keyof typeof repositories;

/** Seeds the named repositories; grace is in the team that signs production. */
export async function openSandbox(names: readonly RepositoryName[], cluster: ClusterKind): Promise<Sandbox> {
  const app = await readAppManifest(ownManifest);
  if (!app.ok) throw new Error(app.failure.message);
  const permissions = { ada: "maintain", grace: "write" } as const;
  const sandbox = await startSandbox({
    app: app.value,
    cluster,
    seed: {
      users: ["ada", "grace"],
      organisations: { acme: { members: ["ada", "grace"], teams: { sre: ["grace"], platform: ["ada"] } } },
      repositories: Object.fromEntries(names.map((name) => [name, { permissions, protect: {} }])),
      images: { "bench/web": ["1.0.0"] },
      install: [...names],
      files: new Map(names.map((name) => [name, repositories[name]()])),
    },
  });
  if (names.includes("acme/many")) await pushImages(sandbox.registry);
  return sandbox;
}

/** One small image behind all tags of each: what listings cost does not depend on what tags point at. */
export async function pushImages(registry: SandboxRegistry): Promise<void> {
  for (let index = 0; index < imageCount; index++) {
    const digest = await registry.push(imageName(index), tags[0] ?? "");
    for (const tag of tags) registry.moveTag(imageName(index), tag, digest);
  }
}
