/** What a watch has delivered, so that a new listing tells what changed and what is gone meanwhile. */

import type { KubernetesObject } from "../model/resource.ts";
import type { WatchEvent } from "../ports/cluster.ts";

export interface KnownObjects {
  put(object: KubernetesObject): void;
  remove(object: KubernetesObject): void;
  /** The whole truth at one moment: emits what is new or changed as present, and what is missing as gone. */
  replace(objects: readonly KubernetesObject[]): void;
}

/** Of each object only its identity and version are kept. */
interface Trace {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly identity: KubernetesObject;
}

export function createKnown(emit: (event: WatchEvent) => void): KnownObjects {
  const known = new Map<string, Trace>();
  const put = (object: KubernetesObject, listed = false) => {
    const key = keyOf(object);
    const before = known.get(key);
    const after = traceOf(object);
    // Deleted and made again while nobody looked: two objects, two events.
    if (before !== undefined && before.uid !== after.uid) emit({ type: "gone", object: before.identity });
    known.set(key, after);
    emit({ type: "present", object, listed });
  };
  return {
    put: (object) => put(object),
    remove(object) {
      known.delete(keyOf(object));
      emit({ type: "gone", object });
    },
    replace(objects) {
      const now = new Set(objects.map(keyOf));
      for (const [key, trace] of known) {
        if (now.has(key)) continue;
        known.delete(key);
        emit({ type: "gone", object: trace.identity });
      }
      for (const object of objects) {
        const before = known.get(keyOf(object));
        const { uid, resourceVersion } = object.metadata;
        if (before?.uid !== uid || before?.resourceVersion !== resourceVersion) put(object, true);
      }
    },
  };
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function traceOf({ apiVersion, kind, metadata }: KubernetesObject): Trace {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    uid,
    resourceVersion,
    identity: { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } },
  };
}
