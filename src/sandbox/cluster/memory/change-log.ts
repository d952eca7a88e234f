/** The one version counter of the API, and the recent changes that watches read. */

import type { Stored } from "./json-tree.ts";
import type { ServedKind } from "./served-kinds.ts";

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: ServedKind;
  readonly object: Stored;
  /** As it was before; the same object for DELETED. */
  readonly before?: Stored;
  readonly version: number;
}

export interface ChangeLog {
  /** Counts the version up and tells everybody at once. */
  readonly add: (change: Omit<Change, "version">) => void;
  /** Of the last change of anything. */
  readonly version: () => number;
  /** Changes after that version; null when they are forgotten. */
  readonly since: (version: number) => readonly Change[] | null;
  /** Forgets all changes up to now, as etcd does every five minutes. */
  readonly compact: () => void;
  /** Called with every change. Returns how to stop it. */
  readonly subscribe: (listener: (change: Change) => void) => () => void;
}

const remembered = 2_000;

export function createChangeLog(): ChangeLog {
  const listeners = new Set<(change: Change) => void>();
  let changes: Change[] = [];
  let version = 1;
  let forgotten = 1;
  return {
    add(change) {
      version += 1;
      const whole = { ...change, version };
      changes.push(whole);
      if (changes.length > remembered) {
        forgotten = changes.splice(0, remembered / 2).at(-1)?.version ?? forgotten;
      }
      for (const listener of listeners) listener(whole);
    },
    version: () => version,
    since: (from) => (from < forgotten ? null : changes.filter((change) => change.version > from)),
    compact() {
      changes = [];
      // One more, so that even the newest version that anybody has seen is too old.
      version += 1;
      forgotten = version;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
