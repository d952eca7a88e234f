/** Reads objects of one repository through a single long-lived `git cat-file`, in the order asked. */

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { gitEnvironment } from "./run-git.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface ObjectInfo {
  readonly sha: string;
  readonly type: ObjectType;
  readonly size: number;
}

export interface GitObject extends ObjectInfo {
  readonly content: Buffer;
}

interface Waiting {
  readonly withContent: boolean;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (reason: Error) => void;
}

export interface ObjectReader {
  /** Type and size of what a revision names; undefined where there is no such object. */
  readonly info: (revision: string) => Promise<ObjectInfo | undefined>;
  readonly read: (revision: string) => Promise<GitObject | undefined>;
  readonly close: () => void;
}

/** Starts the process with the first question. */
export function createObjectReader(directory: string): ObjectReader {
  let child: ChildProcessWithoutNullStreams | undefined;
  const waiting: Waiting[] = [];
  const incoming = new Incoming();

  const start = (): ChildProcessWithoutNullStreams => {
    const started = spawn("git", ["--git-dir", directory, "cat-file", "--batch-command"], {
      env: gitEnvironment(),
    });
    started.stdout.on("data", (chunk: Buffer) => {
      incoming.push(chunk);
      for (let next = waiting[0]; next; next = waiting[0]) {
        const answer = incoming.take(next.withContent);
        if (answer === "more") return;
        waiting.shift();
        next.resolve(answer);
      }
    });
    started.stderr.resume();
    started.stdin.on("error", () => undefined);
    started.on("close", () => {
      child = undefined;
      for (const lost of waiting.splice(0)) lost.reject(new Error("git cat-file ended"));
    });
    return started;
  };

  const ask = async (command: "info" | "contents", revision: string): Promise<GitObject | undefined> => {
    // A line end would be read as another command; an empty name or a leading dash is no revision.
    if (!/^[^\s-][^\n\r\0]*$/.test(revision)) return undefined;
    child ??= start();
    const { promise, resolve, reject } = Promise.withResolvers<GitObject | undefined>();
    waiting.push({ withContent: command === "contents", resolve, reject });
    child.stdin.write(`${command} ${revision}\n`);
    return await promise;
  };
  return {
    info: (revision) => ask("info", revision),
    read: (revision) => ask("contents", revision),
    close: () => child?.kill(),
  };
}

/** The bytes that came and were not yet understood. */
class Incoming {
  #bytes: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  /** The next answer, undefined for a missing object, or `more` while it is not all there. */
  take(withContent: boolean): GitObject | undefined | "more" {
    const lineEnd = this.#bytes.indexOf(10);
    if (lineEnd < 0) return "more";
    const header = this.#bytes.toString("utf8", 0, lineEnd);
    const found = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/.exec(header);
    if (!found) {
      this.#bytes = this.#bytes.subarray(lineEnd + 1);
      return undefined;
    }
    const size = Number(found[3]);
    const end = lineEnd + 1 + (withContent ? size + 1 : 0);
    if (this.#bytes.length < end) return "more";
    const content = withContent ? this.#bytes.subarray(lineEnd + 1, lineEnd + 1 + size) : Buffer.alloc(0);
    this.#bytes = this.#bytes.subarray(end);
    return { sha: found[1] ?? "", type: found[2] as ObjectType, size, content };
  }
}
