/** Objects by revision: from loose ones where those tell, else from a process, which knows every way of naming one. */

import type { LooseObjects } from "./loose-objects.ts";
import type { GitObject, ObjectReader } from "./object-reader.ts";

type Reading = Pick<ObjectReader, "info" | "read">;

export function readObjects(loose: LooseObjects, batch: Reading): Reading {
  return {
    info: async (revision) => found(loose, revision) ?? (await batch.info(revision)),
    read: async (revision) => found(loose, revision) ?? (await batch.read(revision)),
  };
}

function found(loose: LooseObjects, revision: string): GitObject | undefined {
  const [, sha, wanted] = /^([0-9a-f]{40})(?:\^\{(commit|tree)\})?$/.exec(revision) ?? [];
  if (sha === undefined) return undefined;
  const object = loose.read(sha);
  if (object === undefined || wanted === undefined || object.type === wanted) return object;
  const isTreeOf = wanted === "tree" && object.type === "commit";
  return isTreeOf
    ? loose.read(object.content.toString("latin1", "tree ".length, "tree ".length + 40))
    : undefined;
}
