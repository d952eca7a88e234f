/** Where the API server is and how it knows us: from a kubeconfig, or from the pod that we run in. */

import { readFile } from "node:fs/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { type Result, fail, ok } from "../model/failure.ts";

/** What the connection needs. */
export interface Credentials {
  readonly server: string;
  readonly tls: {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** The `Authorization` header, read anew for each request: the token of a pod is replaced on disk. Undefined where a client certificate speaks for us. */
  authorization(): Promise<string | undefined>;
}

export interface CredentialSource {
  /** Without one, the service account of the pod is used. */
  readonly kubeconfigFile?: string;
  /** Else the current context of the file. */
  readonly context?: string;
}

type User = NonNullable<ReturnType<KubeConfig["getCurrentUser"]>>;

/** `malformed` or `unsupported` names the file and what in it is wrong; no program named by a kubeconfig is ever run. */
export async function loadCredentials(source: CredentialSource): Promise<Result<Credentials>> {
  const loaded = await loadConfig(source);
  if (!loaded.ok) return loaded;
  const config = loaded.value;
  const where = source.kubeconfigFile ?? "the pod's service account";
  if (source.context !== undefined) config.setCurrentContext(source.context);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (cluster === null || user === null) {
    const known = config.getContexts().map((context) => context.name);
    return fail(
      "malformed",
      `${where}: context "${config.getCurrentContext()}" has no cluster or no user; contexts there: ${known.join(", ")}`,
    );
  }
  const refused = refusal(where, cluster.proxyUrl, user);
  if (refused !== null) return fail("unsupported", refused);
  return readKeys(where, cluster, user);
}

async function loadConfig(source: CredentialSource): Promise<Result<KubeConfig>> {
  // The package's front door loads nine hundred generated classes; its configuration is all that is wanted here.
  const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
  const config = new KubeConfig();
  const file = source.kubeconfigFile;
  if (file === undefined && !process.env.KUBERNETES_SERVICE_HOST) {
    return fail("malformed", "no cluster: set KUBECONFIG to a kubeconfig, or run inside a pod");
  }
  try {
    if (file === undefined) config.loadFromCluster();
    else config.loadFromFile(file);
    return ok(config);
  } catch (error) {
    return fail("malformed", `${file ?? "the pod's service account"} is not a readable kubeconfig`, {
      cause: error,
    });
  }
}

function refusal(where: string, proxy: string | undefined, user: User): string | null {
  if (user.exec) return `${where}: user "${user.name}" gets its token from a program (exec); use a token`;
  if (user.authProvider && tokenFileOf(user) === undefined) {
    return `${where}: user "${user.name}" has an auth-provider; use a token or a client certificate`;
  }
  if (user.impersonateUser) return `${where}: user "${user.name}" impersonates somebody ("as")`;
  return proxy ? `${where}: a proxy-url is not supported` : null;
}

type ClusterEntry = NonNullable<ReturnType<KubeConfig["getCurrentCluster"]>>;

async function readKeys(where: string, cluster: ClusterEntry, user: User): Promise<Result<Credentials>> {
  const { bufferFromFileOrString } = await import("@kubernetes/client-node/dist/config.js");
  try {
    return ok({
      server: cluster.server.replace(/\/+$/, ""),
      tls: {
        ca: bufferFromFileOrString(cluster.caFile, cluster.caData) ?? undefined,
        cert: bufferFromFileOrString(user.certFile, user.certData) ?? undefined,
        key: bufferFromFileOrString(user.keyFile, user.keyData) ?? undefined,
        servername: cluster.tlsServerName,
        rejectUnauthorized: !cluster.skipTLSVerify,
      },
      authorization: () => authorizationOf(user),
    });
  } catch (error) {
    return fail("malformed", `${where}: a certificate or key that it names cannot be read`, { cause: error });
  }
}

function tokenFileOf(user: User): string | undefined {
  const provider = user.authProvider as { config?: { tokenFile?: string } } | undefined;
  return provider?.config?.tokenFile;
}

async function authorizationOf(user: User): Promise<string | undefined> {
  const file = tokenFileOf(user);
  if (file !== undefined) return `Bearer ${(await readFile(file, "utf8")).trim()}`;
  if (user.token) return `Bearer ${user.token}`;
  if (!user.username) return undefined;
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
}
