/** The command line as processes of their own: `sandbox` and `serve` side by side, and commands that end by themselves. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { until } from "../../src/cli/demo/until.ts";
import { type ClusterKind, type addresses, exampleSeed } from "../../src/cli/sandbox.ts";

export const root = join(import.meta.dirname, "..", "..");
const main = join(root, "src", "main.ts");

/** What `sandbox --json` prints. */
export type Addresses = ReturnType<typeof addresses>;
export type Environment = Readonly<Record<string, string>>;

export interface RunningProcess {
  /** The last lines of what it wrote, for failures. */
  tail(): string;
  /** Resolves once it has ended, to its exit code, or null after a signal. */
  readonly ended: Promise<number | null>;
  /** Does not wait. */
  signal(name: "SIGTERM" | "SIGKILL"): void;
  /** Kills it and waits until it is gone. */
  stop(): Promise<void>;
}

const tailCharacters = 6_000;
const clean: Environment = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };

function start(args: readonly string[], environment: Environment): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: { ...clean, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const orphan = () => void child.kill("SIGKILL");
  process.once("exit", orphan);
  child.once("exit", () => process.off("exit", orphan));
  return child;
}

function follow(child: ChildProcess): RunningProcess {
  let tail = "";
  const keep = (chunk: Buffer) => (tail = (tail + chunk.toString("utf8")).slice(-tailCharacters));
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return {
    tail: () => tail,
    ended,
    signal: (name) => void child.kill(name),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Runs a command to its end. */
export async function lockkeeper(
  args: readonly string[],
  environment: Environment = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(args, environment);
  const said = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => (said.stdout += chunk.toString("utf8")));
  child.stderr?.on("data", (chunk: Buffer) => (said.stderr += chunk.toString("utf8")));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}

export interface SandboxProcess extends RunningProcess {
  readonly addresses: Addresses;
}

/** Starts the sandbox from the example and waits for its line of JSON. SIGTERM lets it clean up behind itself. */
export async function startSandboxProcess(options: {
  readonly cluster: ClusterKind;
  readonly webhookUrl?: string;
}): Promise<SandboxProcess> {
  const hook = options.webhookUrl === undefined ? [] : ["--webhook-url", options.webhookUrl];
  const child = start(["sandbox", "--json", "--seed", exampleSeed, "--cluster", options.cluster, ...hook], {
    KUBEBUILDER_ASSETS: process.env["KUBEBUILDER_ASSETS"] ?? "",
    XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? "",
  });
  const running = follow(child);
  let line = "";
  child.stdout?.on("data", (chunk: Buffer) => (line += chunk.toString("utf8")));
  await until(async () => {
    if (line.includes("\n")) return {};
    if (child.exitCode !== null) throw new Error(`the sandbox ended: ${running.tail()}`);
    return `no line of JSON from the sandbox: ${running.tail()}`;
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await running.ended;
  };
  return { ...running, stop, addresses: JSON.parse(line) as Addresses };
}

/** Never, as a cron schedule has it: the thirty-first of December, long after a test. */
export const never = "0 0 0 31 12 *";
export const aDay = "86400";

/** The settings of a `serve` on a sandbox; by default nothing but events and the start make it look anywhere. */
export function serveEnvironment(
  { github, registry, cluster }: Addresses,
  port: number,
  more: Environment = {},
): Environment {
  return {
    APP_ID: String(github.appId),
    PRIVATE_KEY_PATH: github.privateKeyFile,
    WEBHOOK_SECRET: github.webhookSecret,
    GITHUB_API_URL: github.apiUrl,
    HOST: "127.0.0.1",
    PORT: String(port),
    KUBECONFIG: cluster.kubeconfig,
    LOCKKEEPER_TARGETS: join(exampleSeed, "targets.yml"),
    LOCKKEEPER_INSECURE_REGISTRIES: new URL(registry.url).host,
    LOCKKEEPER_SCAN_SCHEDULE: never,
    LOCKKEEPER_RESYNC_SECONDS: aDay,
    ...more,
  };
}

/** Starts the App and does not wait for it. */
export function launchServe(environment: Environment): RunningProcess {
  return follow(start(["serve"], environment));
}

/** Starts the App and waits until it is ready. */
export async function startServeProcess(environment: Environment): Promise<RunningProcess> {
  const serve = launchServe(environment);
  let code: number | null | undefined;
  void serve.ended.then((ended) => (code = ended));
  await until(async () => {
    if (code !== undefined) throw new Error(`serve ended with ${code}: ${serve.tail()}`);
    const ready = await fetch(`http://127.0.0.1:${environment["PORT"]}/readyz`).catch(() => null);
    return ready?.status === 200 ? {} : `serve is not ready: ${serve.tail()}`;
  });
  return serve;
}

export const webhookUrl = (port: number): string => `http://127.0.0.1:${port}/api/github/webhooks`;
