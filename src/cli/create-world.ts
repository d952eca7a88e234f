/** The outside systems that the flows see, made from the settings. */

import { randomBytes } from "node:crypto";
import { type ConnectedCluster, connectCluster } from "../cluster/connect-cluster.ts";
import type { Settings } from "../config/settings.ts";
import { type DeployWorld, createDeployWorld } from "../flows/deploy/deploy-world.ts";
import { type ReloadWorld, createReloadWorld } from "../flows/reload/reload-world.ts";
import type { World } from "../flows/world.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Registry } from "../ports/registry.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { createCredentialHelpers } from "../registry/credential-helper.ts";
import { dockerCredentials, readDockerConfig } from "../registry/docker-config.ts";
import type { FindCredentials } from "../registry/credentials.ts";
import { firstOf, pullSecretCredentials } from "../registry/pull-secrets.ts";
import type { Threads } from "../ports/threads.ts";
import { type OwnRenderer, createRenderer } from "../render/renderer.ts";
import { createThreads } from "../threads/create-threads.ts";

/** What the flows are given; `deploy` is null where there is no cluster. */
export interface OpenedWorld {
  readonly world: World;
  readonly deploy: DeployWorld | null;
  /** Null where reloads are switched on nowhere. */
  readonly reload: ReloadWorld | null;
  /** Ends watches and connections. */
  close(): Promise<void>;
}

/** A failure names the setting that is to blame. The cluster need not be up: what cannot be done yet is tried again. */
export async function createWorld(
  settings: Settings,
  parts: Pick<World, "forge" | "queue" | "log">,
): Promise<Result<OpenedWorld>> {
  const cluster = await openCluster(settings);
  if (!cluster.ok) return cluster;
  const registry = await openRegistry(settings, cluster.value, parts.log);
  if (!registry.ok) return registry;
  const { targets } = settings;
  const clock = { now: () => new Date() };
  const threads = createThreads();
  const renderer = openRenderer(settings, threads, parts.log);
  const end = (): void => {
    renderer.close();
    threads.close();
  };
  const rest = {
    ...parts,
    registry: registry.value,
    renderer,
    targets,
    clock,
    threads,
  };
  if (cluster.value === null) {
    parts.log.warn({}, "no cluster: KUBECONFIG is not set, so nothing is applied");
    const close = async () => end();
    return ok({ world: { ...rest, cluster: null }, deploy: null, reload: null, close });
  }
  const connected = cluster.value;
  const world = { ...rest, cluster: connected };
  const deploy = createDeployWorld(world, (bytes) => randomBytes(bytes));
  const { reloadNamespaces } = settings;
  const reload = reloadNamespaces.length === 0 ? null : createReloadWorld(deploy, reloadNamespaces);
  const close = async () => {
    deploy.live.stop();
    deploy.engines.stop();
    reload?.watches.stop();
    end();
    await connected.close();
  };
  return ok({ world: deploy, deploy, reload, close });
}

async function openCluster({ cluster }: Settings): Promise<Result<ConnectedCluster | null>> {
  if (cluster === null) return ok(null);
  const connected = await connectCluster(
    cluster === "in-cluster" ? {} : { kubeconfigFile: cluster.kubeconfig },
  );
  return connected.ok ? connected : fail(connected.failure.code, `KUBECONFIG ${connected.failure.message}`);
}

/** Says at the start what renders and what keeps it apart; a program that is missing stops only the apps that need it. */
function openRenderer(
  { kustomize, helm, renderSeconds, renderServer }: Settings,
  threads: Threads,
  log: World["log"],
): OwnRenderer {
  const renderer = createRenderer(threads, {
    kustomize,
    helm,
    limits: { seconds: renderSeconds },
    server: renderServer,
  });
  void renderer.describe().then((said) => log.info({}, `rendering: ${said}`));
  return renderer;
}

async function openRegistry(
  settings: Settings,
  cluster: ConnectedCluster | null,
  log: World["log"],
): Promise<Result<Registry>> {
  const { dockerConfig, insecureRegistries, pullSecrets } = settings;
  const helpers = createCredentialHelpers(process.env);
  const docker = await (dockerConfig === null
    ? dockerCredentials({}, helpers)
    : readDockerConfig(dockerConfig, helpers));
  if (!docker.ok) return fail(docker.failure.code, `DOCKER_CONFIG ${docker.failure.message}`);
  for (const notice of docker.value.notices) log.warn({}, notice);
  const sources = [docker.value.credentials];
  if (pullSecrets.length > 0) {
    if (cluster === null) return fail("malformed", "LOCKKEEPER_PULL_SECRETS needs a cluster: set KUBECONFIG");
    const warn = (message: string): void => log.warn({}, message);
    sources.push(pullSecretCredentials({ cluster, secrets: pullSecrets, warn }));
  }
  const credentials: FindCredentials = (host, repository) => firstOf(sources, host, repository);
  return ok(createRegistry({ insecureHosts: insecureRegistries, credentials }));
}
