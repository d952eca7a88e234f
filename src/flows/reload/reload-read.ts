/** Reads what the configuration of a namespace holds, only of what is used and only where it changed. */

import { type Failure, type Result, ok } from "../../model/failure.ts";
import type { ObjectAddress } from "../../model/resource.ts";
import { type Contents, contentsOf, keyIdOf, mountedContents } from "../../rollout/reload-contents.ts";
import type { Observed } from "../../rollout/reload-observed.ts";
import { wants, wishOf } from "../../rollout/reload-annotations.ts";
import { type Reference, configText } from "../../rollout/reload-references.ts";
import { type Workload, configKinds } from "../../rollout/reload-workload.ts";
import { inFlight } from "../in-flight.ts";
import { type Room, isBefore } from "./reload-index.ts";
import type { ReloadWorld } from "./reload-world.ts";

const concurrency = 4;

/**
 * What the workload's annotations make of what its template uses, and of what they name themselves: the latter is used
 * whole. Named objects that are gone stay, as long as they are on record.
 */
export function followed(workload: Workload, room: Room, before: Observed | null): readonly Reference[] {
  const { annotations, templateAnnotations, references } = workload;
  const recorded = before?.objects ?? {};
  const found = new Map<string, Reference>();
  for (const kind of configKinds) {
    const wish = wishOf(kind, annotations, templateAnnotations);
    if (wish === null) continue;
    const marks = (text: string) =>
      room.objects.get(text)?.marks ?? { match: Object.hasOwn(recorded, text), ignore: false };
    for (const reference of references) {
      const text = configText(reference);
      const ofKind = reference.kind === kind;
      if (ofKind && wants(wish, reference.name, true, marks(text))) found.set(text, reference);
    }
    if (wish.named.length === 0) continue;
    const prefix = configText({ kind, name: "" });
    for (const text of [...room.objects.keys(), ...Object.keys(recorded)]) {
      const name = text.slice(prefix.length);
      if (!text.startsWith(prefix) || !wants(wish, name, false, marks(text))) continue;
      found.set(text, { kind, name, keys: null });
    }
  }
  return [...found.values()];
}

export interface ReadContents {
  readonly contents: ReadonlyMap<string, Contents>;
  /** Why some could not be read; they are not in `contents`. */
  readonly failures: ReadonlyMap<string, Failure>;
}

/** The contents of the objects that these references name, by `Secret/db`; what is missing is left out. */
export async function readContents(
  world: ReloadWorld,
  key: Uint8Array,
  namespace: string,
  references: readonly Reference[],
): Promise<ReadContents> {
  const room = world.watches.index.room(namespace);
  const keyId = keyIdOf(key);
  const kept = world.reloads.contents.get(namespace);
  const known = kept?.keyId === keyId ? kept.contents : new Map<string, Contents>();
  const contents = new Map<string, Contents>();
  const failures = new Map<string, Failure>();
  const used = new Set(references.map(configText));
  const present = [...used].flatMap((text) => room.objects.get(text) ?? []);
  await inFlight(concurrency, present, async ({ kind, name, resourceVersion }) => {
    if (kind === "SecretProviderClass") return;
    const text = configText({ kind, name });
    const before = known.get(text);
    const current = before?.resourceVersion === resourceVersion;
    const read =
      before !== undefined && (current || isBefore(resourceVersion, before.resourceVersion))
        ? ok(before)
        : await readOne(world, key, { apiVersion: "v1", kind, namespace, name });
    if (!read.ok) failures.set(text, read.failure);
    else if (read.value !== null) contents.set(text, read.value);
  });
  world.reloads.contents.set(namespace, { keyId, contents });
  return { contents, failures };
}

async function readOne(
  { cluster }: ReloadWorld,
  key: Uint8Array,
  address: ObjectAddress,
): Promise<Result<Contents | null>> {
  const found = await cluster.get(address);
  if (found.ok) return ok(contentsOf(key, found.value));
  return found.failure.code === "not-found" ? ok(null) : found;
}

/** With what the pods of this workload have mounted; their names begin with its own. */
export function withMounted(
  { contents }: ReadContents,
  key: Uint8Array,
  room: Room,
  workload: Workload,
): ReadonlyMap<string, Contents> {
  const all = new Map(contents);
  const mine = [...room.mounted.values()].filter(({ pod }) => pod.startsWith(`${workload.address.name}-`));
  for (const provider of new Set(mine.map((mounted) => mounted.provider))) {
    const mounted = mine.filter((each) => each.provider === provider);
    const held = mountedContents(key, provider, mounted);
    if (held !== null) all.set(configText({ kind: "SecretProviderClass", name: provider }), held);
  }
  return all;
}
