/** Credentials from image pull secrets of the cluster: https://kubernetes.io/docs/concepts/configuration/secret/ */

import { type Result, ok } from "../model/failure.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { CredentialHelpers } from "./credential-helper.ts";
import type { FindCredentials } from "./credentials.ts";
import { dockerCredentials } from "./docker-config.ts";

/** A Secret of type `kubernetes.io/dockerconfigjson`. */
export interface PullSecret {
  readonly namespace: string;
  readonly name: string;
}

export interface PullSecretOptions {
  readonly cluster: Pick<Cluster, "get">;
  /** The first one that has something for an image wins. */
  readonly secrets: readonly PullSecret[];
  /** Told which secret cannot be used and why; never its content. */
  readonly warn: (message: string) => void;
  /** A clock in milliseconds that never goes back; default `performance.now`. */
  readonly now?: () => number;
}

/** So long may a changed secret go unnoticed. */
const keptMs = 300_000;
const nothing: FindCredentials = async () => ok(undefined);
/** What lies in the cluster runs no programs here. */
const noHelpers: CredentialHelpers = {
  isInstalled: async () => false,
  get: async () => ok(undefined),
};

/** A secret that cannot be read or understood counts as empty, so that public images are still looked at. */
export function pullSecretCredentials(options: PullSecretOptions): FindCredentials {
  const now = options.now ?? (() => performance.now());
  let read = Promise.resolve<readonly FindCredentials[]>([]);
  let until = Number.NEGATIVE_INFINITY;
  return async (host, repository) => {
    if (now() >= until) {
      until = now() + keptMs;
      read = Promise.all(options.secrets.map((secret) => readSecret(options, secret)));
    }
    return firstOf(await read, host, repository);
  };
}

/** What the first of these knows. A failure of one is the answer: the next might be for somebody else. */
export async function firstOf(
  sources: readonly FindCredentials[],
  host: string,
  repository: string,
): ReturnType<FindCredentials> {
  for (const find of sources) {
    const found = await find(host, repository);
    if (!found.ok || found.value !== undefined) return found;
  }
  return ok(undefined);
}

async function readSecret(options: PullSecretOptions, secret: PullSecret): Promise<FindCredentials> {
  const read = await credentialsIn(options.cluster, secret);
  if (read.ok) return read.value;
  const { name, namespace } = secret;
  options.warn(`the pull secret ${namespace}/${name} is not used: ${read.failure.message}`);
  return nothing;
}

async function credentialsIn(
  cluster: PullSecretOptions["cluster"],
  secret: PullSecret,
): Promise<Result<FindCredentials>> {
  const object = await cluster.get({ apiVersion: "v1", kind: "Secret", ...secret });
  if (!object.ok) return object;
  const docker = await dockerCredentials(configOf(object.value["data"]), noHelpers);
  return docker.ok ? ok(docker.value.credentials) : docker;
}

/** Undefined, which is no configuration, where the data are not those of a pull secret. */
function configOf(data: unknown): unknown {
  const entries = new Map(Object.entries(typeof data === "object" && data !== null ? data : {}));
  const text = entries.get(".dockerconfigjson");
  try {
    return typeof text === "string" ? JSON.parse(Buffer.from(text, "base64").toString("utf8")) : undefined;
  } catch {
    return undefined;
  }
}
