/** Loose objects of one repository, without a process: what was written or read lately is kept, as objects never change. */

import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import type { GitObject, ObjectType } from "./object-reader.ts";

const mostKept = 16 * 1024 * 1024;

export interface LooseObjects {
  /** Undefined where the object is packed or not there at all. */
  readonly read: (sha: string) => GitObject | undefined;
  /** In the form that `git hash-object -w` gives it; answers the id. */
  readonly write: (type: ObjectType, content: Uint8Array | string) => string;
}

export function looseObjects(directory: string): LooseObjects {
  const kept = new Map<string, GitObject>();
  let bytes = 0;
  const keep = (object: GitObject): GitObject => {
    kept.set(object.sha, object);
    bytes += object.size;
    for (const [oldest, { size }] of kept) {
      if (bytes <= mostKept) break;
      kept.delete(oldest);
      bytes -= size;
    }
    return object;
  };
  const folders = new Set<string>();
  const pathOf = (sha: string): string => join(directory, "objects", sha.slice(0, 2), sha.slice(2));
  return {
    read: (sha) => {
      const known = kept.get(sha);
      if (known !== undefined) return known;
      const path = pathOf(sha);
      return existsSync(path) ? keep(parsed(sha, inflateSync(readFileSync(path)))) : undefined;
    },
    write: (type, content) => {
      const body = Buffer.from(content as string);
      const whole = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
      const sha = createHash("sha1").update(whole).digest("hex");
      if (kept.has(sha)) return sha;
      const path = pathOf(sha);
      const folder = dirname(path);
      if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
      folders.add(folder);
      if (!existsSync(path)) store(path, deflateSync(whole));
      keep({ sha, type, size: body.length, content: body });
      return sha;
    },
  };
}

function parsed(sha: string, whole: Buffer): GitObject {
  const [blank, end] = [whole.indexOf(32), whole.indexOf(0)];
  const content = whole.subarray(end + 1);
  return { sha, type: whole.toString("latin1", 0, blank) as ObjectType, size: content.length, content };
}

/** Readers must never see half an object, so it gets its name only when it is whole. */
function store(path: string, compressed: Buffer): void {
  const unfinished = join(dirname(path), `tmp_obj_${randomUUID()}`);
  writeFileSync(unfinished, compressed, { mode: 0o444 });
  renameSync(unfinished, path);
}
