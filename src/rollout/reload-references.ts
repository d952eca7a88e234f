/** Which ConfigMaps, Secrets and SecretProviderClasses a pod template uses, by key where it names keys. */

import { type JsonRecord, recordsAt, textAt, valueAt } from "./json-path.ts";

export type ConfigKind = "ConfigMap" | "Secret" | "SecretProviderClass";

/** One object that is used. `keys` tells of each named key whether it may be missing; null where the whole object is used. */
export interface Reference {
  readonly kind: ConfigKind;
  readonly name: string;
  readonly keys: ReadonlyMap<string, boolean> | null;
}

const containerLists = ["containers", "initContainers", "ephemeralContainers"];
const secretStore = "secrets-store.csi.k8s.io";

/**
 * Every object that reaches a container of the template: by variables, and by volumes that one mounts. Credentials that
 * only the node uses (image pull secrets, those of storage) are none. Each object comes once.
 */
export function referencesOf(template: unknown): readonly Reference[] {
  const spec = valueAt(template, "spec");
  const containers = containerLists.flatMap((list) => recordsAt(spec, list));
  const mounted = new Set(
    containers.flatMap((container) => recordsAt(container, "volumeMounts").map((mount) => mount["name"])),
  );
  const volumes = recordsAt(spec, "volumes").filter((volume) => mounted.has(volume["name"]));
  return merged([...containers.flatMap(ofContainer), ...volumes.flatMap(ofVolume)]);
}

/** `Secret/db`: how an object of a namespace is written down. */
export function configText({ kind, name }: Pick<Reference, "kind" | "name">): string {
  return `${kind}/${name}`;
}

function ofContainer(container: JsonRecord): readonly Reference[] {
  const variables = recordsAt(container, "env").flatMap((variable) => {
    const { configMapKeyRef, secretKeyRef } = (variable["valueFrom"] ?? {}) as JsonRecord;
    return [...byKey("ConfigMap", configMapKeyRef), ...byKey("Secret", secretKeyRef)];
  });
  const sources = recordsAt(container, "envFrom").flatMap(({ configMapRef, secretRef }) => [
    ...byItems("ConfigMap", textAt(configMapRef, "name"), undefined),
    ...byItems("Secret", textAt(secretRef, "name"), undefined),
  ]);
  return [...variables, ...sources];
}

function ofVolume(volume: JsonRecord): readonly Reference[] {
  const { configMap, secret, projected, csi } = volume;
  const store = textAt(csi, "driver") === secretStore ? csi : undefined;
  return [
    ...byItems("ConfigMap", textAt(configMap, "name"), configMap),
    ...byItems("Secret", textAt(secret, "secretName"), secret),
    ...recordsAt(projected, "sources").flatMap((source) => [
      ...byItems("ConfigMap", textAt(source["configMap"], "name"), source["configMap"]),
      ...byItems("Secret", textAt(source["secret"], "name"), source["secret"]),
    ]),
    ...byItems("SecretProviderClass", textAt(store, "volumeAttributes", "secretProviderClass"), undefined),
  ];
}

function byKey(kind: ConfigKind, ref: unknown): readonly Reference[] {
  const [name, key] = [textAt(ref, "name"), textAt(ref, "key")];
  if (name === undefined || key === undefined) return [];
  return [{ kind, name, keys: new Map([[key, valueAt(ref, "optional") === true]]) }];
}

function byItems(kind: ConfigKind, name: string | undefined, source: unknown): readonly Reference[] {
  if (name === undefined || name === "") return [];
  const optional = valueAt(source, "optional") === true;
  const items = recordsAt(source, "items").flatMap((item) => textAt(item, "key") ?? []);
  return [{ kind, name, keys: items.length === 0 ? null : new Map(items.map((key) => [key, optional])) }];
}

/** The whole object goes before its keys; a key may be missing only where every use of it says so. */
function merged(references: readonly Reference[]): readonly Reference[] {
  const found = new Map<string, Reference>();
  for (const reference of references) {
    const text = configText(reference);
    const before = found.get(text);
    found.set(text, before === undefined ? reference : both(before, reference));
  }
  return [...found.values()];
}

function both(one: Reference, other: Reference): Reference {
  if (one.keys === null || other.keys === null) return { ...one, keys: null };
  const keys = new Map(one.keys);
  for (const [key, optional] of other.keys) keys.set(key, optional && (keys.get(key) ?? true));
  return { ...one, keys };
}
