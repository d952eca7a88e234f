/** `npm test`: gets what real parts this machine can have, runs every suite, and says plainly what it ran on. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { findAssets, kubeCache } from "../../src/sandbox/cluster/cluster-assets.ts";
import { findDescription } from "../sandbox/github/fidelity/description.ts";
import { findDockerRegistry } from "./docker-registry.ts";
import { findTool, toolCache } from "./render-tools.ts";

interface Part {
  readonly name: string;
  readonly found: boolean;
  readonly what: string;
}

const root = join(import.meta.dirname, "..", "..");
const kubeVersion = "1.20.2";

/** Runs a program to its end; its exit code, and what it said last on standard error. */
async function run(command: string, args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = spawn(command, args, { cwd: root, stdio: ["inherit", "inherit", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? 1, said: said.trim() };
}

async function kube(): Promise<Part> {
  const name = "kube-apiserver";
  const cached = findAssets(process.env);
  if (cached !== null) return { name, found: true, what: cached };
  process.stdout.write("building kube-apiserver from Debian's source, once: about four minutes\n");
  const script = join(import.meta.dirname, "build-kube-apiserver.sh");
  const { said } = await run("bash", [script, join(kubeCache(process.env), kubeVersion)]);
  const built = findAssets(process.env);
  if (built !== null) return { name, found: true, what: `built in ${built}` };
  return { name, found: false, what: said.split("\n").at(-1) ?? "it could not be built" };
}

async function dockerRegistry(): Promise<Part> {
  const name = "docker-registry";
  const answer = await findDockerRegistry();
  return { name, found: answer.found, what: answer.found ? "Debian's" : answer.why };
}

async function description(): Promise<Part> {
  const name = "GitHub's API description";
  const answer = await findDescription();
  return "missing" in answer
    ? { name, found: false, what: answer.missing }
    : { name, found: true, what: `${Object.keys(answer.paths).length} paths` };
}

async function renderTools(): Promise<readonly Part[]> {
  const names = ["kustomize", "helm"] as const;
  const isMissing = names.some((name) => findTool(name) === null);
  const script = join(import.meta.dirname, "get-render-tools.sh");
  const { said } = isMissing ? await run("bash", [script, toolCache(process.env)]) : { said: "" };
  return names.map((name) => {
    const found = findTool(name);
    const why = said.split("\n").find((line) => line.startsWith(`${name}: `)) ?? "it could not be had";
    return { name, found: found !== null, what: found ?? why.slice(name.length + 2) };
  });
}

const parts = [await kube(), await dockerRegistry(), await description(), ...(await renderTools())];
const vitest = spawn(
  "vitest",
  ["run", "--config", "test/vitest.config.ts", "--root", ".", ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: "inherit",
  },
);
const [code] = (await once(vitest, "close")) as [number | null];
process.stdout.write("\nreal parts of this run:\n");
for (const { name, found, what } of parts)
  process.stdout.write(`  ${found ? "ran on" : "WITHOUT"} ${name}: ${what}\n`);
process.exitCode = code ?? 1;
