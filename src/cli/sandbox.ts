/** `lockkeeper sandbox`: the sandbox alone, for people and programs that bring their own clients. */

import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { ownManifest, readAppManifest } from "../sandbox/app-manifest.ts";
import { type Fault, faultKinds } from "../sandbox/github/fault.ts";
import { readFault } from "../sandbox/github/read-fault.ts";
import { checkGit } from "../sandbox/git-version.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { type Seed, readSeed } from "../sandbox/seed.ts";
import { UsageError } from "./usage-error.ts";

/** The folder that the demo starts from, and the sandbox without `--seed` as well. */
export const exampleSeed = join(import.meta.dirname, "..", "..", "examples", "gitops");

export const clusterKinds = ["auto", "kube-apiserver", "in-memory"] as const;
export type ClusterKind = (typeof clusterKinds)[number];

interface Options {
  readonly json?: boolean;
  readonly seed: string;
  readonly webhookUrl: string;
  readonly app: string;
  readonly cluster: ClusterKind;
  readonly fault: readonly Fault[];
}

/** Where `serve` listens when nothing else is set. */
const servedByDefault = "http://127.0.0.1:3000/api/github/webhooks";

/** A started sandbox from files; a file that cannot be used is a `UsageError` naming it. */
export async function openSandbox(
  options: Pick<Options, "seed" | "app" | "cluster"> & { readonly webhookUrl?: string },
): Promise<Sandbox> {
  const [git, app, seed] = await Promise.all([
    checkGit(),
    readAppManifest(options.app),
    readSeed(options.seed),
  ]);
  if (!git.ok) throw new UsageError(git.failure.message);
  if (!app.ok) throw new UsageError(app.failure.message);
  if (!seed.ok) throw new UsageError(seed.failure.message);
  const { startSandbox } = await import("../sandbox/sandbox.ts");
  return startSandbox({
    app: app.value,
    seed: seed.value satisfies Seed,
    cluster: options.cluster,
    ...(options.webhookUrl === undefined ? {} : { webhookUrl: options.webhookUrl }),
  });
}

/** Where everything listens, as `--json` prints it. */
export function addresses({ github, registry, cluster, users, privateKeyFile }: Sandbox) {
  const { apiUrl, webUrl, appId, webhookSecret } = github;
  return {
    github: { apiUrl, webUrl, appId, privateKeyFile, webhookSecret, users },
    registry: { url: registry.url },
    cluster: { kubeconfig: cluster.kubeconfig, kind: cluster.kind, version: cluster.version },
  };
}

function readable(sandbox: Sandbox, { seed, webhookUrl }: Options): string {
  const { github, registry, cluster } = addresses(sandbox);
  const people = Object.entries(github.users).map(([login, token]) => `    ${login.padEnd(10)} ${token}`);
  return `GitHub
  API         ${github.apiUrl}
  git clone   ${github.webUrl}/OWNER/REPO.git  (any user name, a token as password)
  App         id ${github.appId}, key ${github.privateKeyFile}, webhook secret ${github.webhookSecret}
  people
${people.join("\n")}
  webhooks    ${webhookUrl}
  faults      POST, GET, DELETE ${github.apiUrl}/_sandbox/faults
Registry
  ${registry.url}
Cluster
  ${cluster.kind} ${cluster.version}, KUBECONFIG=${cluster.kubeconfig}

Serve Lockkeeper on it in another terminal:
  APP_ID=${github.appId} PRIVATE_KEY_PATH=${github.privateKeyFile} WEBHOOK_SECRET=${github.webhookSecret} \\
  GITHUB_API_URL=${github.apiUrl} LOCKKEEPER_INSECURE_REGISTRIES=${new URL(registry.url).host} \\
  KUBECONFIG=${cluster.kubeconfig} LOCKKEEPER_TARGETS=${join(exampleSeed, "targets.yml")} \\
  LOCKKEEPER_SCAN_SCHEDULE="*/5 * * * * *" LOG_FORMAT=pretty npx lockkeeper serve
${seed === exampleSeed ? publishing(registry.url) : ""}
Running until interrupted.
`;
}

/** How a version of the example's image is published where there is no client of registries: its manifest by a new tag. */
function publishing(registry: string): string {
  const manifests = `${registry}/v2/acme/web/manifests`;
  return `
Publish a version for it to find, the same image by a new tag:
  TYPE=application/vnd.oci.image.index.v1+json
  TOKEN=$(curl -s "${registry}/token?service=${new URL(registry).host}&scope=repository:acme/web:pull,push" | cut -d'"' -f4)
  curl -s -H "Authorization: Bearer $TOKEN" -H "Accept: $TYPE" ${manifests}/1.0.0 |
    curl -X PUT -H "Authorization: Bearer $TOKEN" -H "Content-Type: $TYPE" --data-binary @- ${manifests}/1.1.0
`;
}

async function run(options: Options): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
  const sandbox = await openSandbox(options);
  for (const fault of options.fault) sandbox.github.faults.add(fault);
  const told = options.json === true ? `${JSON.stringify(addresses(sandbox))}\n` : readable(sandbox, options);
  process.stdout.write(told);
  await interrupted;
  await sandbox.stop();
}

export function registerSandbox(program: Command): void {
  program
    .command("sandbox")
    .description("a small GitHub, registry and Kubernetes API on this machine, until interrupted")
    .option("--json", "print where they listen as one line of JSON")
    .option("--seed <dir>", "folder with seed.yml and OWNER/REPO/ folders", exampleSeed)
    .option("--webhook-url <url>", "where the App's webhooks go", httpUrl, servedByDefault)
    .option("--app <file>", "manifest of the App: its permissions and events", ownManifest)
    .addOption(clusterOption(program))
    .option("--fault <json>", "a fault of GitHub from the start, may be repeated", fault, [])
    .addHelpText("after", faultHelp)
    .action(run);
}

const faultHelp = `
A fault is a JSON object: {"kind":"drop"} loses the next webhook,
{"kind":"bad-gateway","after":true,"method":"POST","match":"*/pulls"} loses the answer to the next new pull request.
Kinds: ${faultKinds.join(", ")}.
Further fields: times, every, seconds, milliseconds. The address that is printed takes the same while the sandbox runs.
`;

function fault(text: string, before: readonly Fault[]): readonly Fault[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError(`It must be JSON such as '{"kind":"drop"}'.`);
  }
  const read = readFault(value);
  if (!read.ok) throw new InvalidArgumentError(read.failure.message);
  return [...before, read.value];
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError(`It must be a URL such as ${servedByDefault}.`);
}

/** `--cluster`, the same for every command that starts a sandbox. */
export function clusterOption(program: Command) {
  return program
    .createOption("--cluster <kind>", "auto takes a real kube-apiserver where one is at hand")
    .choices(clusterKinds)
    .default("auto");
}
