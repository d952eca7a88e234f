/** Debian's docker-registry on a free port of the loopback address, installed first where that can be done. */

import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { RunningRegistry } from "../contracts/registry.ts";

const run = promisify(execFile);
const startSeconds = 20;

/** Whether the program is here; installs it as root on Debian. Otherwise the reason why it is not. */
export async function findDockerRegistry(): Promise<{ found: true } | { found: false; why: string }> {
  if (await isInstalled()) return { found: true };
  const debian = await readFile("/etc/debian_version", "utf8").catch(() => undefined);
  if (debian === undefined)
    return { found: false, why: "docker-registry is not installed, and this is not Debian" };
  if (process.getuid?.() !== 0) {
    return { found: false, why: "docker-registry is not installed: apt-get install docker-registry" };
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const install = ["install", "-y", "--no-install-recommends", "docker-registry"];
  // A fresh machine has no lists of packages yet.
  await run("apt-get", ["update"], { env, timeout: 100_000 }).catch(() => undefined);
  await run("apt-get", install, { env, timeout: 100_000 }).catch(() => undefined);
  return (await isInstalled())
    ? { found: true }
    : { found: false, why: "docker-registry could not be installed with apt-get" };
}

async function isInstalled(): Promise<boolean> {
  return run("docker-registry", ["--version"]).then(
    () => true,
    () => false,
  );
}

/** Starts it on an empty folder of its own. */
export async function startDockerRegistry(): Promise<RunningRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "lockkeeper-registry-"));
  const config = join(folder, "config.yml");
  await writeFile(
    config,
    JSON.stringify({
      version: "0.1",
      log: { level: "info", formatter: "json" },
      storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
      http: { addr: "127.0.0.1:0", headers: { "X-Content-Type-Options": ["nosniff"] } },
    }),
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const timer = setTimeout(() => child.kill("SIGKILL"), startSeconds * 1000);
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (address === undefined) continue;
    clearTimeout(timer);
    child.stderr.resume();
    return { url: `http://${address}`, stop };
  }
  clearTimeout(timer);
  await stop();
  throw new Error(`docker-registry did not begin to listen within ${startSeconds} seconds`);
}
