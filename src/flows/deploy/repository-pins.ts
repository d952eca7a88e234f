/** Ties the names in the targets file to repository ids at first sight, and remembers the commit from which proof begins. */

import { createHash } from "node:crypto";
import type { Target } from "../../config/config.ts";
import { type Result, ok } from "../../model/failure.ts";
import { type RepositoryRef, fullName } from "../../model/repository.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { textAt } from "../../rollout/json-path.ts";
import { matchesGlob } from "../../text/glob.ts";
import { listRecords, writeRecord } from "./system-records.ts";

/** `baseline` is null until the target grants one. */
export interface Pin {
  /** `owner/name` as the targets file has it, in lower case. */
  readonly target: string;
  readonly id: number;
  readonly baseline: string | null;
  readonly resourceVersion?: string;
}

export interface RepositoryPins {
  load(): Promise<Result<void>>;
  get(target: Target): Pin | undefined;
  /** Records id and baseline when that is new: the first repository seen under a name has it for good. */
  grant(
    target: Target,
    repository: RepositoryRef,
    baseline: () => Promise<Result<string>>,
  ): Promise<Result<Pin>>;
}

const keyOf = (target: Target): string => target.repository.toLowerCase();

export function createRepositoryPins(cluster: Cluster): RepositoryPins {
  const pins = new Map<string, Pin>();
  /** By target: apps that arrive together wait for one write instead of racing for it. */
  const writing = new Map<string, Promise<Result<Pin>>>();

  async function write(pin: Pin, repository: RepositoryRef): Promise<Result<Pin>> {
    const { target, id, baseline } = pin;
    const data = { target, id: String(id), name: fullName(repository), baseline: baseline ?? "" };
    const record = { name: recordName(pin), sort: "repository" };
    const written = await writeRecord(cluster, record, data, pin.resourceVersion);
    if (!written.ok) return written;
    const kept = { ...pin, resourceVersion: written.value.metadata.resourceVersion };
    pins.set(target, kept);
    return ok(kept);
  }

  async function first(
    target: Target,
    repository: RepositoryRef,
    baseline: () => Promise<Result<string>>,
  ): Promise<Result<Pin>> {
    const granted = target.baseline === "head" ? await baseline() : ok(null);
    if (!granted.ok) return granted;
    const { resourceVersion } = pins.get(keyOf(target)) ?? {};
    const pin = { target: keyOf(target), id: repository.id, baseline: granted.value, resourceVersion };
    return write(pin, repository);
  }

  return {
    async load() {
      const listed = await listRecords(cluster, "repository");
      if (!listed.ok) return listed;
      pins.clear();
      for (const object of listed.value) {
        const target = textAt(object, "data", "target") ?? "";
        const id = Number(textAt(object, "data", "id"));
        const baseline = textAt(object, "data", "baseline") || null;
        pins.set(target, { target, id, baseline, resourceVersion: object.metadata.resourceVersion });
      }
      return ok(undefined);
    },
    get: (target) => pins.get(keyOf(target)),
    async grant(target, repository, baseline) {
      const name = keyOf(target);
      const known = pins.get(name);
      if (known !== undefined && (known.baseline !== null || target.baseline === "none")) return ok(known);
      const pending =
        writing.get(name) ?? first(target, repository, baseline).finally(() => writing.delete(name));
      writing.set(name, pending);
      return pending;
    },
  };
}

function recordName({ target }: Pin): string {
  return `lockkeeper-repository-${createHash("sha256").update(target).digest("hex").slice(0, 20)}`;
}

/**
 * The target that lets a repository apply a folder; undefined when there is none. Once pinned, the id decides: a renamed
 * repository keeps its target, and a new one under the old name gets nothing.
 */
export function targetFor(
  targets: readonly Target[],
  pins: Pick<RepositoryPins, "get">,
  repository: RepositoryRef,
  path: string,
): Target | undefined {
  return targets.find(
    (target) => isTiedTo(target, repository, pins.get(target)?.id) && matchesGlob(target.paths, path),
  );
}

/** By the id where the target is tied to one, else by the name. */
export function isTiedTo(target: Target, repository: RepositoryRef, pinned: number | undefined): boolean {
  if (pinned !== undefined) return pinned === repository.id;
  return keyOf(target) === fullName(repository).toLowerCase();
}
