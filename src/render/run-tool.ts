/** Runs one tool on a copy of some files, in a process of its own that has nothing else and is cut off at its limits. */

import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Result, fail, ok } from "../model/failure.ts";
import { type Isolation, findIsolation } from "./isolation.ts";
import { type WorkFolder, openWorkFolder } from "./work-folder.ts";

/** All that a rendering needs: it could as well be sent to a server that does nothing but render. */
export interface ToolJob {
  /** For messages: `kustomize` or `helm`. */
  readonly name: string;
  /** The one that is started, and those that it starts. */
  readonly programs: readonly [string, ...string[]];
  readonly args: readonly string[];
  /** By path from the folder that it is run in. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface ToolLimits {
  readonly seconds: number;
  /** Of what it says. */
  readonly bytes: number;
  /** Resident. */
  readonly memoryBytes: number;
}

const mebibyte = 1024 * 1024;
export const usualLimits: ToolLimits = { seconds: 90, bytes: 64 * mebibyte, memoryBytes: 1024 * mebibyte };

/** What is kept of standard error: the end, as tools say there what went wrong. */
const keptOfErrors = 8 * 1024;
/** How often the memory is looked at: nothing can be written in between that the address space does not limit. */
const watchMs = 100;
/** Each may take as much memory as is allowed. */
const atOnce = 2;

export class ToolRunner {
  readonly #limits: ToolLimits;
  readonly #searchPath: string;
  readonly #running = new Set<ChildProcess>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #closed = false;
  readonly #isolations = new Map<string, Promise<Isolation>>();

  constructor(searchPath: string, limits: ToolLimits) {
    this.#searchPath = searchPath;
    this.#limits = limits;
  }

  /** Of a job that runs these programs; looked for once. */
  async isolation(programs: readonly string[]): Promise<Isolation> {
    const key = programs.join("\n");
    const known = this.#isolations.get(key) ?? findIsolation(this.#searchPath, this.#cpuSeconds(), programs);
    this.#isolations.set(key, known);
    return known;
  }

  /**
   * What the tool wrote to standard output. `timeout` and `too-large` where it was cut off, `rejected` with what it said where it
   * failed; messages are predicates.
   */
  async run(job: ToolJob): Promise<Result<Buffer>> {
    if (this.#busy < atOnce) this.#busy += 1;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return this.#closed
        ? fail("cancelled", "was not begun: Lockkeeper is shutting down")
        : await this.#turn(job);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  }

  close(): void {
    this.#closed = true;
    for (const child of this.#running) killGroup(child);
    for (const go of this.#waiting.splice(0)) go();
  }

  async #turn(job: ToolJob): Promise<Result<Buffer>> {
    const isolation = await this.isolation(job.programs);
    const opened = await openWorkFolder(job.files, isolation.owner);
    if (!opened.ok) return opened;
    try {
      return this.#closed ? shuttingDown : await this.#spawned(job, isolation, opened.value);
    } finally {
      await opened.value.remove();
    }
  }

  /** More than the deadline lets any number of processors take: it ends what we could not, as we were killed ourselves. */
  #cpuSeconds(): number {
    return Math.ceil((this.#limits.seconds + 1) * availableParallelism());
  }

  async #spawned(job: ToolJob, isolation: Isolation, folder: WorkFolder): Promise<Result<Buffer>> {
    const [program = "", ...args] = [...isolation.before, job.programs[0], ...job.args];
    const child = spawn(program, args, {
      cwd: folder.root,
      // Nothing of our own environment: no credential, no proxy, no setting of a tool.
      env: { PATH: join(folder.home, "bin"), HOME: folder.home, TMPDIR: folder.temporary },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, which is killed as a whole.
      detached: true,
    });
    this.#running.add(child);
    try {
      const ended = await watched(child, job.name, this.#limits, folder);
      return this.#closed ? shuttingDown : ended;
    } finally {
      this.#running.delete(child);
      killGroup(child);
    }
  }
}

const shuttingDown: Result<never> = fail("cancelled", "was cut off: Lockkeeper is shutting down");

async function watched(
  child: ChildProcess,
  name: string,
  limits: ToolLimits,
  folder: WorkFolder,
): Promise<Result<Buffer>> {
  const output: Buffer[] = [];
  let bytes = 0;
  let errors = "";
  let cut: Result<never> | null = null;
  const cutOff = (code: "timeout" | "too-large", message: string): void => {
    cut ??= fail(code, message);
    killGroup(child);
  };
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > limits.bytes) cutOff("too-large", `writes more than ${limits.bytes / mebibyte} MiB`);
  };
  child.stdout?.on("data", (chunk: Buffer) => {
    count(chunk);
    if (cut === null) output.push(chunk);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    count(chunk);
    errors = (errors + chunk.toString()).slice(-keptOfErrors);
  });
  const deadline = setTimeout(
    () => cutOff("timeout", `takes longer than ${limits.seconds} s`),
    limits.seconds * 1000,
  );
  const watchMemory = async (): Promise<void> => {
    if ((await residentBytes(child.pid)) > limits.memoryBytes)
      cutOff("too-large", `needs more than ${limits.memoryBytes / mebibyte} MiB of memory`);
  };
  const memory = setInterval(() => {
    void watchMemory();
  }, watchMs);
  const code = await new Promise<number | null>((done) => {
    child.once("error", () => done(null));
    child.once("close", (exit) => done(exit));
  });
  clearTimeout(deadline);
  clearInterval(memory);
  if (cut !== null) return cut;
  if (code === 0) return ok(Buffer.concat(output));
  return brokenOff(name, errors.replaceAll(`${folder.root}/`, "").replaceAll(folder.root, "."));
}

/** Out of memory in its own words: of Go, and of the loader before it. */
function brokenOff(name: string, errors: string): Result<never> {
  if (/out of memory|cannot allocate memory|failed to create new OS thread/.test(errors))
    return fail("too-large", "needs more memory than a rendering may have");
  return fail("rejected", errors.trim() === "" ? `${name} was ended without a word` : errors);
}

/** 0 where the system does not tell. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid ?? 0}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}
