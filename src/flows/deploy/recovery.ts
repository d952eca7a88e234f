/**
 * What GitHub still knows of an app of which the cluster has no record, as after it was emptied: a deployment of ours names a
 * commit up to which everything was proven, and the one from which proof began in this repository.
 */

import { type Result, ok } from "../../model/failure.ts";
import type { Head } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { isRecord } from "../../rollout/json-path.ts";
import { appsIn } from "./deploy-app.ts";
import type { DeployKey } from "./deploy-input.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { inFlight } from "../in-flight.ts";
import { appHash } from "../../rollout/app-hash.ts";

const concurrency = 4;

/** A repository at the head of its default branch. */
export interface Place {
  readonly key: Pick<DeployKey, "repository">;
  readonly forge: RepositoryForge;
  readonly head: Head;
}

/**
 * The commit from which proof begins for an app that has no record: the newest of which a deployment was recorded. Null where
 * there is none; then it begins where it began for the repository.
 */
export async function provenBefore(
  world: DeployWorld,
  place: Place & { readonly key: DeployKey; readonly hash: string },
): Promise<Result<string | null>> {
  const { recovered } = world.memory;
  const known = recovered.get(place.hash);
  if (known !== undefined) return ok(known);
  const names = await namesOf(world, place);
  if (!names.ok) return names;
  const name = names.value.get(place.key.path);
  const recorded = name === undefined ? ok([]) : await recordedOf(place, { name, hash: place.hash });
  if (!recorded.ok) return recorded;
  const sha = recorded.value[0]?.sha ?? null;
  recovered.set(place.hash, sha);
  return ok(sha);
}

/**
 * The commit from which proof begins in a repository of which the cluster has no record: where it began when we saw it first,
 * if deployments of ours tell that, and else its head.
 */
export async function baselineOf(world: DeployWorld, place: Place): Promise<Result<string>> {
  const names = await namesOf(world, place);
  if (!names.ok) return names;
  const { repository } = place.key;
  const all = await inFlight(concurrency, [...names.value], ([path, name]) =>
    recordedOf(place, { name, hash: appHash(repository.id, path) }),
  );
  for (const recorded of all) {
    if (!recorded.ok) return recorded;
    const found = recorded.value.find(({ baseline }) => baseline !== null)?.baseline;
    if (found) return ok(found);
  }
  return ok(place.head.sha);
}

async function namesOf(
  { threads }: DeployWorld,
  { forge, head }: Place,
): Promise<Result<ReadonlyMap<string, string>>> {
  const snapshot = await forge.code.snapshot(head.sha);
  if (!snapshot.ok) return snapshot;
  const apps = await appsIn(threads, snapshot.value);
  return ok(new Map(apps.map(({ path, name }) => [path, name])));
}

interface Recorded {
  readonly sha: string;
  readonly baseline: string | null;
}

/** Newest first. */
async function recordedOf(
  { forge }: Place,
  { name, hash }: { readonly name: string; readonly hash: string },
): Promise<Result<readonly Recorded[]>> {
  const listed = await forge.deployments.list({ task: `lockkeeper:${name}` });
  if (!listed.ok) return listed;
  return ok(
    listed.value.flatMap(({ sha, payload }) => {
      if (!isRecord(payload) || payload["app"] !== hash) return [];
      const { baseline } = payload;
      return [{ sha, baseline: typeof baseline === "string" ? baseline : null }];
    }),
  );
}
