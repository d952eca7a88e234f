/** `lockkeeper serve`: the GitHub App. */

import type { Command } from "commander";
import type { RunningApp } from "./compose.ts";
import { onShutdown } from "../runtime/shutdown.ts";

/** A signal that comes while it starts ends it as well. */
async function run(): Promise<void> {
  const { startApp } = await import("./start-app.ts");
  let app: RunningApp | null = null;
  onShutdown(async () => {
    if (app === null || (await app.stop())) return;
    process.stderr.write("some jobs did not end in time; they run again at the next start\n");
  });
  app = await startApp(process.env);
}

const settings = `
Settings come from the environment:
  APP_ID                          number of the GitHub App
  PRIVATE_KEY, PRIVATE_KEY_PATH   its private key, or the file that holds it
  WEBHOOK_SECRET                  at least 32 characters: openssl rand -hex 32
  GITHUB_API_URL                  default https://api.github.com
  HOST, PORT                      where webhooks come in; default 127.0.0.1 and 3000
  METRICS_PORT                    Prometheus metrics on a port of their own; default: none
  KUBECONFIG                      default: the pod's own cluster, else none
  LOCKKEEPER_TARGETS              file that says what each repository may touch in the cluster
  LOCKKEEPER_INSECURE_REGISTRIES  registry hosts that may be plain http or private, comma-separated
  LOCKKEEPER_REGISTRY_SECRET      lets registries tell of pushes at /registry/<kind>; default: they may not
  DOCKER_CONFIG                   folder of a Docker config.json with registry credentials
  LOCKKEEPER_PULL_SECRETS         pull secrets of the cluster to use as well, namespace/name, comma-separated
  LOCKKEEPER_RENDER_SERVER        where "lockkeeper render-server" runs; default: renders by itself
  LOCKKEEPER_SCAN_SCHEDULE        cron, seconds allowed; default "0 */10 * * * *"
  LOCKKEEPER_RESYNC_SECONDS       how often everything is looked at without an event; default 300
  LOG_LEVEL, LOG_FORMAT           default info and json; the format may be pretty
`;

export function registerServe(program: Command): void {
  program.command("serve").description("the GitHub App").addHelpText("after", settings).action(run);
}
