/** Where the API server is and how it knows us: from a kubeconfig, or from the pod that we run in. */

import { readFile } from "node:fs/promises";
import { type Result, fail, ok } from "../model/failure.ts";
import { type Connection, bytesOf, podConnection, readKubeconfig } from "./kubeconfig.ts";

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

/** `malformed` or `unsupported` names the file and what in it is wrong; no program named by a kubeconfig is ever run. */
export async function loadCredentials(source: CredentialSource): Promise<Result<Credentials>> {
  const file = source.kubeconfigFile;
  const connection =
    file === undefined ? podConnection(process.env) : await readKubeconfig(file, source.context);
  if (!connection.ok) return connection;
  const where = file ?? "the pod's service account";
  const refused = refusal(where, connection.value);
  return refused === null ? readKeys(where, connection.value) : fail("unsupported", refused);
}

function refusal(where: string, { cluster, user }: Connection): string | null {
  if (user.exec) return `${where}: user "${user.name}" gets its token from a program (exec); use a token`;
  if (user.authProvider && tokenFileOf(user) === undefined) {
    return `${where}: user "${user.name}" has an auth-provider; use a token or a client certificate`;
  }
  if (user.impersonateUser) return `${where}: user "${user.name}" impersonates somebody ("as")`;
  return cluster.proxyUrl ? `${where}: a proxy-url is not supported` : null;
}

function readKeys(where: string, { cluster, user }: Connection): Result<Credentials> {
  try {
    return ok({
      server: cluster.server.replace(/\/+$/, ""),
      tls: {
        ca: bytesOf(cluster.caFile, cluster.caData),
        cert: bytesOf(user.certFile, user.certData),
        key: bytesOf(user.keyFile, user.keyData),
        servername: cluster.tlsServerName,
        rejectUnauthorized: !cluster.skipTLSVerify,
      },
      authorization: () => authorizationOf(user),
    });
  } catch (error) {
    return fail("malformed", `${where}: a certificate or key that it names cannot be read`, { cause: error });
  }
}

function tokenFileOf(user: Connection["user"]): string | undefined {
  const provider = user.authProvider as { config?: { tokenFile?: string } } | undefined;
  return provider?.config?.tokenFile;
}

async function authorizationOf(user: Connection["user"]): Promise<string | undefined> {
  const file = tokenFileOf(user);
  if (file !== undefined) return `Bearer ${(await readFile(file, "utf8")).trim()}`;
  if (user.token) return `Bearer ${user.token}`;
  if (!user.username) return undefined;
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
}
