/** Which other apps have what a commit names. */

import type { Snapshot } from "../../model/repository.ts";
import { appsIn } from "./deploy-app.ts";
import type { DeployWorld } from "./deploy-world.ts";

/**
 * Another app that has an object. `left`: the commit has no such app of its repository any more, as where its folder was
 * renamed, so that what it had may go to another.
 */
export interface Owner {
  readonly app: string;
  readonly name: string;
  readonly left: boolean;
}

/** Owners of objects, by their texts; one that nobody else has is not in it. */
export async function ownersOf(
  { inventories, threads }: DeployWorld,
  {
    hash,
    repository,
    snapshot,
  }: { readonly hash: string; readonly repository: { readonly id: number }; readonly snapshot: Snapshot },
  texts: readonly string[],
): Promise<ReadonlyMap<string, Owner>> {
  const others = inventories.all().filter(({ app }) => app !== hash);
  const found = texts.flatMap((text) => {
    const owner = others.find(({ entries }) => entries.has(text));
    return owner === undefined ? [] : [[text, owner] as const];
  });
  if (found.length === 0) return new Map();
  const apps = await appsIn(threads, snapshot);
  const present = new Set(
    apps.filter(({ mode }) => mode === "apply" || mode === "gate").map(({ path }) => path),
  );
  return new Map(
    found.map(([text, { app, name, path, repository: of }]) => {
      return [text, { app, name, left: of.id === repository.id && !present.has(path) }];
    }),
  );
}
