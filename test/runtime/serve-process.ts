/** Runs `lockkeeper serve` as a process of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";

const main = join(import.meta.dirname, "..", "..", "src", "main.ts");
const key = generateKeyPairSync("rsa", { modulusLength: 2048 });
const privateKey = key.privateKey.export({ type: "pkcs1", format: "pem" }).toString();

/** What `serve` needs to start; GitHub is not there, and only events could tell. */
export const goodEnvironment: Readonly<Record<string, string>> = {
  APP_ID: "7",
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: "4f1d0c5b9e8a7362d4c1b0a9f8e7d6c5",
  GITHUB_API_URL: "http://127.0.0.1:9",
  PORT: "0",
};

export interface ServeProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything on standard error so far. */
  readonly log: () => string;
  stop(): Promise<void>;
}

/** Runs until it ends by itself. */
export async function serveToItsEnd(
  environment: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const child = launch(environment);
  const said = { stderr: "", stdout: "" };
  child.stderr?.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  child.stdout?.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}

/** Waits until it listens. */
export async function startServe(
  environment: Readonly<Record<string, string>> = goodEnvironment,
): Promise<ServeProcess> {
  const child = launch(environment);
  let log = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", () => reject(new Error(`serve ended: ${log}`)));
    child.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      const found = /"url":"([^"]+)"/.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return { child, url, log: () => log, stop };
}

function launch(environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [main, "serve"], {
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
