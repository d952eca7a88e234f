/** `lockkeeper why APP`: finds the app in the repositories of the App and tells why it is where it is. */

import { connectCluster } from "../cluster/connect-cluster.ts";
import type { Settings } from "../config/settings.ts";
import { type AppPlace, treeOfApp } from "../flows/deploy/app-tree.ts";
import { appsIn } from "../flows/deploy/deploy-app.ts";
import { createInventoryStore } from "../flows/deploy/inventory-store.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import { type RepositoryRef, fullName } from "../model/repository.ts";
import { appHash } from "../rollout/app-hash.ts";
import { type Inventory } from "../rollout/inventory.ts";
import { treeLines } from "../signoff/verdict-tree.ts";
import type { CommandIo } from "./terminal.ts";

/** An app by its name or folder; `repository` is `owner/name`, where it is named. */
export interface AppSubject {
  readonly repository: string | undefined;
  readonly app: string;
}

/** Answers the exit code, or why nobody can tell. */
export async function tellApp(
  world: AppPlace["world"],
  cluster: Settings["cluster"],
  subject: AppSubject,
  { json, io }: { readonly json: boolean; readonly io: CommandIo },
): Promise<Result<number>> {
  const found = await findApp(world, subject);
  if (!found.ok) return found;
  const { repository, app } = found.value;
  const inventory = await inventoryOf(cluster, appHash(repository.id, app.path));
  if (!inventory.ok) return inventory;
  const tree = await treeOfApp({ ...found.value, world, inventory: inventory.value });
  if (!tree.ok) return tree;
  const about = {
    app: app.name,
    repository: fullName(repository),
    path: app.path,
    environment: app.environment,
  };
  io.out(json ? `${JSON.stringify({ ...about, ...tree.value })}\n` : `${treeLines(tree.value).join("\n")}\n`);
  return ok(tree.value.satisfied ? 0 : 1);
}

type FoundApp = Omit<AppPlace, "world" | "inventory">;

async function findApp(
  world: AppPlace["world"],
  { repository: wanted, app: name }: AppSubject,
): Promise<Result<FoundApp>> {
  const repositories = await world.forge.repositories();
  if (!repositories.ok) return repositories;
  const asked = repositories.value.filter(
    (one) => wanted === undefined || fullName(one).toLowerCase() === wanted.toLowerCase(),
  );
  if (wanted !== undefined && asked.length === 0)
    return fail("not-found", `the App is not installed in ${wanted}`);
  const found: FoundApp[] = [];
  for (const repository of asked) {
    const here = await appsOf(world, repository);
    if (!here.ok) return here;
    found.push(...here.value.filter(({ app }) => app.name === name || app.path === name));
  }
  const [first, ...others] = found;
  if (first === undefined) return fail("not-found", `no repository of the App has an app ${name}`);
  if (others.length === 0) return ok(first);
  const names = found.map(({ repository, app }) => `${fullName(repository)}:${app.path}`);
  return fail("conflict", `there are several: name one as ${names.slice(0, 5).join(" or ")}`);
}

async function appsOf(
  world: AppPlace["world"],
  repository: RepositoryRef,
): Promise<Result<readonly FoundApp[]>> {
  const forge = world.forge.open(repository, "look");
  const head = await forge.code.head();
  if (!head.ok) return head.failure.code === "not-found" ? ok([]) : head;
  const snapshot = await forge.code.snapshot(head.value.sha);
  if (!snapshot.ok) return snapshot;
  const apps = await appsIn(world.threads, snapshot.value);
  return ok(apps.map((app) => ({ repository, forge, head: head.value, app })));
}

/** Null where no cluster is configured, or it has nothing on record. */
async function inventoryOf(cluster: Settings["cluster"], hash: string): Promise<Result<Inventory | null>> {
  if (cluster === null) return ok(null);
  const connected = await connectCluster(
    cluster === "in-cluster" ? {} : { kubeconfigFile: cluster.kubeconfig },
  );
  if (!connected.ok) return connected;
  try {
    const store = createInventoryStore(connected.value);
    const loaded = await store.load();
    return loaded.ok ? ok(store.get(hash) ?? null) : loaded;
  } finally {
    await connected.value.close();
  }
}
