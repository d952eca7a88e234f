/** Which API server, and as whom: what a kubeconfig says, or what a pod is given. */

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { dirname, resolve } from "node:path";
// The front door of the package, and its KubeConfig, load nine hundred generated classes: 80 MiB and most of a second.
import {
  type Cluster,
  type User,
  newClusters,
  newContexts,
  newUsers,
} from "@kubernetes/client-node/dist/config_types.js";
import { parse } from "yaml";
import { type Result, fail, ok } from "../model/failure.ts";

export interface Connection {
  /** Paths in it are absolute. */
  readonly cluster: Cluster;
  readonly user: User;
}

/** `context`: else the current one of the file. */
export async function readKubeconfig(file: string, context?: string): Promise<Result<Connection>> {
  try {
    const read = parse(await readFile(file, "utf8")) as Readonly<Record<string, unknown>>;
    const wanted = context ?? read["current-context"];
    const contexts = newContexts(read["contexts"]);
    const found = contexts.find(({ name }) => name === wanted);
    const cluster = newClusters(read["clusters"]).find(({ name }) => name === found?.cluster);
    const user = newUsers(read["users"]).find(({ name }) => name === found?.user);
    if (cluster !== undefined && user !== undefined) return ok(fromFolder(dirname(file), { cluster, user }));
    const known = contexts.map(({ name }) => name).join(", ");
    return fail(
      "malformed",
      `${file}: context "${String(wanted)}" has no cluster or no user; contexts there: ${known}`,
    );
  } catch (error) {
    return fail("malformed", `${file} is not a readable kubeconfig`, { cause: error });
  }
}

function fromFolder(folder: string, { cluster, user }: Connection): Connection {
  const at = (file: string | undefined) => (file ? resolve(folder, file) : undefined);
  return {
    cluster: { ...cluster, caFile: at(cluster.caFile) },
    user: { ...user, certFile: at(user.certFile), keyFile: at(user.keyFile) },
  };
}

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api */
export function podConnection(env: NodeJS.ProcessEnv): Result<Connection> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host) return fail("malformed", "no cluster: set KUBECONFIG to a kubeconfig, or run inside a pod");
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return ok({
    cluster: { name: "pod", server, caFile: `${serviceAccount}/ca.crt`, skipTLSVerify: false },
    user: { name: "pod", authProvider: { config: { tokenFile: `${serviceAccount}/token` } } },
  });
}

/** The bytes of a certificate or key; throws where a file cannot be read. */
export function bytesOf(file: string | undefined, data: string | undefined): Buffer | undefined {
  if (file) return readFileSync(file);
  return data ? Buffer.from(data, "base64") : undefined;
}
