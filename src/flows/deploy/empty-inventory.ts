/** The record of an app of which nothing has been applied yet. */

import type { Inventory } from "../../rollout/inventory.ts";
import type { DeployInput } from "./deploy-input.ts";

export function emptyInventory(
  { hash, key }: { readonly hash: string; readonly key: Pick<DeployInput["key"], "repository" | "path"> },
  name: string,
): Inventory {
  const { repository, path } = key;
  const entries = new Map();
  return { app: hash, repository, path, name, applied: null, pending: null, entries, shards: new Map() };
}
