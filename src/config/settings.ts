/** The environment of `serve`, read into settings, or everything that is wrong with it. */

import { validate } from "node-cron";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Target } from "./config.ts";
import { parseReloadNamespaces, parseTargets } from "./parse-targets.ts";
import { checkPrivateKey } from "./private-key.ts";
import { readRegistrySecret } from "./registry-secret.ts";
import { checkWebhookSecret } from "./webhook-secret.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Settings {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly apiUrl: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Null: metrics are not served. */
  readonly metricsPort: number | null;
  /** How the cluster is reached; null where there is none, and then nothing is applied. */
  readonly cluster: { readonly kubeconfig: string } | "in-cluster" | null;
  readonly targets: readonly Target[];
  /** Globs over the namespaces whose workloads are rolled when their configuration changes. */
  readonly reloadNamespaces: readonly string[];
  /** Hosts of registries that may be plain http or at a private address. */
  readonly insecureRegistries: readonly string[];
  /** What registries show that tell of pushes; null where none may. */
  readonly registrySecret: string | null;
  /** Folder of a Docker `config.json` with registry credentials. */
  readonly dockerConfig: string | null;
  /** Image pull secrets of the cluster whose credentials are used as well. */
  readonly pullSecrets: readonly { readonly namespace: string; readonly name: string }[];
  /** Programs that render; null: those on the path. */
  readonly kustomize: string | null;
  readonly helm: string | null;
  /** How long one rendering may take. */
  readonly renderSeconds: number;
  /** Where renderings are made; null: in this process. */
  readonly renderServer: URL | null;
  readonly logLevel: LogLevel;
  readonly logFormat: "json" | "pretty";
  readonly scanSchedule: string;
  readonly resyncSeconds: number;
}

/** By name, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;
/** The text of a file, or null where it cannot be read. */
export type ReadFile = (path: string) => string | null;

type Read<T> = (text: string | undefined, environment: Environment, readFile: ReadFile) => Result<T>;

/** For each setting the variable that is named in a problem, and how it is read. */
const readers: { readonly [K in keyof Settings]: readonly [variable: string, read: Read<Settings[K]>] } = {
  appId: ["APP_ID", (text) => appId(text ?? "")],
  privateKey: ["PRIVATE_KEY", readPrivateKey],
  webhookSecret: ["WEBHOOK_SECRET", checkWebhookSecret],
  apiUrl: ["GITHUB_API_URL", (text) => apiUrl(text ?? "https://api.github.com")],
  host: ["HOST", (text) => ok(text ?? "127.0.0.1")],
  port: ["PORT", (text) => whole(text ?? "3000", 0, 65_535, "a port")],
  metricsPort: ["METRICS_PORT", (text) => (text === undefined ? ok(null) : whole(text, 0, 65_535, "a port"))],
  cluster: ["KUBECONFIG", readCluster],
  targets: ["LOCKKEEPER_TARGETS", (text, _environment, readFile) => readTargets(text, readFile)],
  reloadNamespaces: ["LOCKKEEPER_TARGETS", (text, _environment, readFile) => ok(readReload(text, readFile))],
  insecureRegistries: ["LOCKKEEPER_INSECURE_REGISTRIES", readHosts],
  registrySecret: ["LOCKKEEPER_REGISTRY_SECRET", readRegistrySecret],
  dockerConfig: ["DOCKER_CONFIG", (text) => ok(text ?? null)],
  pullSecrets: ["LOCKKEEPER_PULL_SECRETS", readPullSecrets],
  kustomize: ["LOCKKEEPER_KUSTOMIZE", readProgram],
  helm: ["LOCKKEEPER_HELM", readProgram],
  renderServer: ["LOCKKEEPER_RENDER_SERVER", (text) => (text === undefined ? ok(null) : renderUrl(text))],
  renderSeconds: ["LOCKKEEPER_RENDER_SECONDS", (text) => whole(text ?? "90", 1, 3600, "seconds")],
  logLevel: ["LOG_LEVEL", (text) => oneOf(text ?? "info", logLevels)],
  logFormat: ["LOG_FORMAT", (text) => oneOf(text ?? "json", ["json", "pretty"])],
  scanSchedule: ["LOCKKEEPER_SCAN_SCHEDULE", (text) => schedule(text ?? "0 */10 * * * *")],
  resyncSeconds: ["LOCKKEEPER_RESYNC_SECONDS", (text) => whole(text ?? "300", 1, 86_400, "seconds")],
};

/**
 * Reads every setting; an empty variable counts as absent. All problems come at once, each naming its variable and what
 * would be right. Nothing secret is repeated in them.
 */
export function readEnvironment(environment: Environment, readFile: ReadFile): SettingsRead<keyof Settings> {
  return readSettings(Object.keys(readers) as (keyof Settings)[], environment, readFile);
}

type SettingsRead<K extends keyof Settings> =
  | { readonly ok: true; readonly settings: Pick<Settings, K> }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The same for some of the settings: what is wrong with the others is not looked at. */
export function readSettings<K extends keyof Settings>(
  names: readonly K[],
  environment: Environment,
  readFile: ReadFile,
): SettingsRead<K> {
  const problems: string[] = [];
  const settings: Partial<Record<keyof Settings, unknown>> = {};
  for (const name of names) {
    const [variable, read] = readers[name];
    const result = read(environment[variable] || undefined, environment, readFile);
    if (result.ok) settings[name] = result.value;
    else problems.push(`${variable} ${result.failure.message}`);
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, settings: settings as Pick<Settings, K> };
}

function appId(text: string): Result<number> {
  const value = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
  return value === null ? fail("malformed", "must be the number of the GitHub App") : ok(value);
}

function whole(text: string, from: number, to: number, what: string): Result<number> {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to) return ok(value);
  return fail("malformed", `must be ${what}, a whole number from ${from} to ${to}`);
}

function oneOf<T extends string>(text: string, choices: readonly T[]): Result<T> {
  const found = choices.find((choice) => choice === text);
  return found === undefined ? fail("malformed", `must be one of ${choices.join(", ")}`) : ok(found);
}

function readPrivateKey(
  text: string | undefined,
  environment: Environment,
  readFile: ReadFile,
): Result<string> {
  if (text !== undefined) return checkPrivateKey(text);
  const path = environment["PRIVATE_KEY_PATH"];
  if (!path) return fail("malformed", "or PRIVATE_KEY_PATH is missing: the private key of the GitHub App");
  const file = readFile(path);
  if (file === null) return fail("malformed", `(PRIVATE_KEY_PATH=${path}) cannot be read`);
  const key = checkPrivateKey(file);
  return key.ok ? key : fail("malformed", `(PRIVATE_KEY_PATH=${path}) ${key.failure.message}`);
}

/** Everything that GitHub tells and every token goes there, so it is https, or a server on this machine. */
function apiUrl(text: string): Result<string> {
  if (!URL.canParse(text))
    return fail("malformed", "must be a URL such as https://github.example.com/api/v3");
  const url = new URL(text);
  if (url.username !== "" || url.search !== "" || url.hash !== "") {
    return fail("malformed", "must be a plain URL, without credentials, query or fragment");
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) {
    return ok(text.replace(/\/+$/, ""));
  }
  return fail("malformed", "must begin with https://: tokens would travel in the clear");
}

/** Plain http as well: what it is sent is in Git, and it stays within the cluster. */
function renderUrl(text: string): Result<URL> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url !== null && url.username === "" && url.search === "" && url.pathname === "/";
  if (isPlain && ["http:", "https:"].includes(url.protocol)) return ok(url);
  return fail("malformed", "must be a URL without a path, such as http://lockkeeper-render:3000");
}

/** Whether a host name of a URL can only be this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** A pod finds the API server by the variable that the kubelet sets in it. */
function readCluster(kubeconfig: string | undefined, environment: Environment): Result<Settings["cluster"]> {
  if (kubeconfig !== undefined) return ok({ kubeconfig });
  return ok(environment["KUBERNETES_SERVICE_HOST"] ? "in-cluster" : null);
}

function readTargets(path: string | undefined, readFile: ReadFile): Result<readonly Target[]> {
  if (path === undefined) return ok([]);
  const text = readFile(path);
  if (text === null) return fail("malformed", `names a file that cannot be read: ${path}`);
  const parsed = parseTargets(text, path);
  if (parsed.ok) return ok(parsed.value);
  const lines = parsed.problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column} ${message}`,
  );
  return fail("malformed", `has problems: ${lines.join("; ")}`);
}

/** What is wrong with the file is told of its targets. */
function readReload(path: string | undefined, readFile: ReadFile): readonly string[] {
  const text = path === undefined ? null : readFile(path);
  const parsed = text === null ? null : parseReloadNamespaces(text, path ?? "");
  return parsed?.ok === true ? parsed.value : [];
}

function readHosts(text: string | undefined): Result<readonly string[]> {
  const hosts = (text ?? "").split(",").map((host) => host.trim());
  const named = hosts.filter((host) => host !== "");
  const bad = named.find((host) => !/^[A-Za-z0-9.-]+(?::\d+)?$|^\[[0-9a-fA-F:]+\](?::\d+)?$/.test(host));
  if (bad === undefined) return ok(named);
  return fail("malformed", `must be hosts such as registry.local:5000, without patterns: "${bad}"`);
}

function readPullSecrets(text: string | undefined): Result<Settings["pullSecrets"]> {
  const named = (text ?? "").split(",").map((entry) => entry.trim());
  const found = named.filter((entry) => entry !== "").map((entry) => [entry, ...entry.split("/")] as const);
  const bad = found.find(([entry]) => !/^[a-z0-9-]{1,63}\/[a-z0-9.-]{1,253}$/.test(entry));
  if (bad !== undefined) {
    return fail("malformed", `must be namespace/name of secrets, separated by commas: "${bad[0]}"`);
  }
  return ok(found.map(([, namespace = "", name = ""]) => ({ namespace, name })));
}

function readProgram(path: string | undefined): Result<string | null> {
  if (path === undefined || path.startsWith("/")) return ok(path ?? null);
  return fail("malformed", `must be the absolute path of a program: "${path}"`);
}

function schedule(text: string): Result<string> {
  if (validate(text)) return ok(text);
  return fail("malformed", `must be a cron schedule such as "0 */10 * * * *" (seconds allowed): "${text}"`);
}
