/** `serve` as a process of its own, as it runs in a cluster, and what it holds in memory. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

interface Image {
  /** What Node is given before the program. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** As the Dockerfile says, and within the memory that the pod may have: Node takes half of that for its heap. */
function image(): Image {
  const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8");
  const entry = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? "") as readonly string[];
  const malloc = [...dockerfile.matchAll(/\b(MALLOC_\w+)=(\d+)/g)].map(([, name, value]) => [name, value]);
  const deployment = readFileSync(join(root, "deploy", "deployment.yaml"), "utf8");
  const limit = Number(/limits: \{ memory: (\d+)Mi \}/.exec(deployment)?.[1]);
  return {
    flags: [...entry.slice(1, -1), `--max-old-space-size=${limit / 2}`],
    environment: Object.fromEntries(malloc),
  };
}

/** In MiB. */
export interface Memory {
  readonly resident: number;
  /** Of `resident`: files of the runtime. */
  readonly files: number;
  /** The most so far. */
  readonly peak: number;
}

export interface ServeProcess {
  memory(): Memory;
  stop(): Promise<void>;
}

/** Whether this system tells of the memory of a process. */
export const memoryIsTold = existsSync("/proc/self/status");

/** Runs as the image runs it. */
export function startServe(environment: Readonly<Record<string, string>>): ServeProcess {
  const { flags, environment: more } = image();
  const env = { ...process.env, ...more, ...environment };
  const args = [...flags, join(root, "src", "main.ts"), "serve"];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  return {
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      const mebibytes = (field: string) =>
        Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
      return { resident: mebibytes("VmRSS"), files: mebibytes("RssFile"), peak: mebibytes("VmHWM") };
    },
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
