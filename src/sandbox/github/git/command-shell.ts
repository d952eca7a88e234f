/** A small process that starts commands for this one, which would pay for each by how much memory it has. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

export interface Order {
  readonly command: readonly string[];
  /** Standard input; empty without it. */
  readonly input?: Uint8Array | string | undefined;
}

export interface Ended {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

const lineEnd = 10;

interface Job extends Order {
  readonly resolve: (ended: Ended) => void;
  readonly reject: (reason: Error) => void;
}

/** Runs commands one after the other. It keeps this process alive only while one runs, and ends with it. */
export class CommandShell {
  readonly #environment: Readonly<Record<string, string>>;
  readonly #waiting: Job[] = [];
  #shell: ChildProcessWithoutNullStreams | undefined;
  #running: Job | undefined;
  #mark = "";
  #stdout = new Capture();
  #stderr = new Capture();

  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment;
  }

  async run(order: Order): Promise<Ended> {
    if (order.command.some((word) => word.includes("\0"))) throw new TypeError("a word holds a zero byte");
    const { promise, resolve, reject } = Promise.withResolvers<Ended>();
    this.#waiting.push({ ...order, resolve, reject });
    if (this.#running === undefined) this.#next();
    return await promise;
  }

  #next(): void {
    const job = this.#waiting.shift();
    this.#running = job;
    if (job === undefined) {
      if (this.#shell !== undefined) hold(this.#shell, "unref");
      return;
    }
    const shell = (this.#shell ??= this.#start());
    hold(shell, "ref");
    this.#mark = randomUUID();
    [this.#stdout, this.#stderr] = [new Capture(), new Capture()];
    const end = `printf '${this.#mark} %d\\n' $code`;
    shell.stdin.write(`${lineOf(job)}\ncode=$?; ${end}; ${end} >&2\n`);
  }

  #start(): ChildProcessWithoutNullStreams {
    const shell = spawn("sh", [], { env: this.#environment });
    shell.stdin.on("error", () => undefined);
    shell.stdout.on("data", (chunk: Buffer) => this.#heard(this.#stdout, chunk));
    shell.stderr.on("data", (chunk: Buffer) => this.#heard(this.#stderr, chunk));
    const lost = (reason: Error): void => {
      if (this.#shell !== shell) return;
      this.#shell = undefined;
      this.#running?.reject(reason);
      this.#next();
    };
    shell.on("error", lost);
    shell.on("close", () => lost(new Error("the shell that runs commands ended")));
    return shell;
  }

  #heard(capture: Capture, chunk: Buffer): void {
    capture.add(chunk);
    const [stdout, stderr] = [this.#stdout.before(this.#mark), this.#stderr.before(this.#mark)];
    if (stdout === undefined || stderr === undefined) return;
    this.#running?.resolve({ code: stdout.code, stdout: stdout.content, stderr: stderr.content });
    this.#next();
  }
}

/** What one command says on one stream. */
class Capture {
  #chunks: Buffer[] = [];

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  /** Undefined until the mark has come, with the exit code behind it; nothing comes after that. */
  before(mark: string): { readonly content: Buffer; readonly code: number } | undefined {
    if (this.#chunks.at(-1)?.at(-1) !== lineEnd) return undefined;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    const at = all.lastIndexOf(mark);
    if (at < 0) return undefined;
    return { content: all.subarray(0, at), code: Number(all.toString("latin1", at + mark.length)) };
  }
}

function hold(shell: ChildProcessWithoutNullStreams, how: "ref" | "unref"): void {
  shell[how]();
  for (const stream of [shell.stdin, shell.stdout, shell.stderr]) (stream as Socket)[how]();
}

function lineOf({ command, input }: Order): string {
  const words = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  return input === undefined ? `${words} </dev/null` : `printf '%b' '${octalOf(input)}' | ${words}`;
}

/** Every byte as `printf` reads it. */
function octalOf(input: Uint8Array | string): string {
  return Array.from(Buffer.from(input as string), (byte) => `\\0${byte.toString(8).padStart(3, "0")}`).join(
    "",
  );
}
