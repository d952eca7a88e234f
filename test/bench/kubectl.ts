/** kubectl as people run it, timed, and its requests counted by what it logs of them. */

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

export interface Run {
  readonly seconds: number;
  readonly requests: number;
}

/** Null where this machine has none. */
export function kubectlVersion(): string | null {
  try {
    const said = execFileSync("kubectl", ["version", "--client", "-o", "json"], { encoding: "utf8" });
    return (JSON.parse(said) as { clientVersion: { gitVersion: string } }).clientVersion.gitVersion;
  } catch {
    return null;
  }
}

/** Rejects where it fails; `diff` ends with 1 where there is a difference. */
export async function runKubectl(kubeconfig: string, args: readonly string[]): Promise<Run> {
  const began = performance.now();
  const child = spawn("kubectl", ["--kubeconfig", kubeconfig, "-v=6", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0 && !(args[0] === "diff" && code === 1)) throw new Error(said.slice(-2000));
  return { seconds, requests: said.match(/ (?:GET|POST|PUT|PATCH|DELETE) https:/g)?.length ?? 0 };
}
