/** The adapter to one Kubernetes API server: the cluster port over raw JSON. */

import { type Result, ok } from "../model/failure.ts";
import { type KubernetesObject, type ObjectAddress, addressOf } from "../model/resource.ts";
import type { Cluster } from "../ports/cluster.ts";
import { type ApiClient, type Call, createApiClient } from "./api-client.ts";
import { type CredentialSource, loadCredentials } from "./credentials.ts";
import { type Kinds, createKinds, servedKinds } from "./kinds.ts";
import { listPages } from "./list-pages.ts";
import { addressText, collectionPath, objectPath } from "./object-path.ts";
import { watchKind } from "./watch-kind.ts";

export interface ClusterOptions extends CredentialSource {
  /** For every call but watches; 15 s unless told. */
  readonly deadlineMs?: number;
  /** How often a watch lists again, whatever happens; 30 minutes unless told. */
  readonly relistSeconds?: number;
}

/** A cluster and the connections that it keeps. */
export interface ConnectedCluster extends Cluster {
  close(): Promise<void>;
}

/** Reads the configuration; the server itself is first asked by the first call. `malformed` or `unsupported` says what is wrong in it. */
export async function connectCluster(options: ClusterOptions = {}): Promise<Result<ConnectedCluster>> {
  const credentials = await loadCredentials(options);
  if (!credentials.ok) return credentials;
  const client = createApiClient(credentials.value, options.deadlineMs ?? 15_000);
  const kinds = createKinds(client);
  const relistSeconds = options.relistSeconds ?? 1_800;
  return ok({
    requests: client.requests,
    close: () => client.close(),
    version: () => version(client),
    kind: (apiVersion, kind) => kinds.find(apiVersion, kind),
    kinds: () => servedKinds(client),
    async list(kind, labelSelector, scope = {}) {
      const listing = await listPages(client, { ...scope, kind, labelSelector });
      return listing.ok ? ok(listing.value.objects) : listing;
    },
    watch: (kind, labelSelector, onEvent, scope = {}) =>
      watchKind(client, { ...scope, kind, labelSelector, relistSeconds }, onEvent),
    ...objectCalls(client, kinds),
  });
}

async function version(client: ApiClient): Promise<Result<string>> {
  const answer = await client.send({
    method: "GET",
    path: "/version",
    verb: "version",
    about: "of the server",
  });
  return answer.ok ? ok((answer.value.body as { gitVersion: string }).gitVersion) : answer;
}

type ObjectCalls = Pick<Cluster, "get" | "apply" | "patch" | "create" | "replace" | "delete">;

function objectCalls(client: ApiClient, kinds: Kinds): ObjectCalls {
  const send = (address: ObjectAddress, call: ObjectCall) => sendTo(client, kinds, { address, call });
  const objectOf = async (address: ObjectAddress, call: ObjectCall): Promise<Result<KubernetesObject>> => {
    const answer = await send(address, call);
    return answer.ok ? ok(answer.value.body as KubernetesObject) : answer;
  };
  return {
    get: (address) => objectOf(address, { method: "GET", verb: "get" }),
    create: (object) => objectOf(addressOf(object), { method: "POST", verb: "create", body: object }),
    replace: (object) => objectOf(addressOf(object), { method: "PUT", verb: "replace", body: object }),
    async apply(object, { manager, force, dryRun, as }) {
      const query = {
        fieldManager: manager,
        force: String(force),
        fieldValidation: "Strict",
        ...(dryRun && { dryRun: "All" }),
      };
      const answer = await send(addressOf(object), {
        method: "PATCH",
        verb: dryRun ? "dry-run" : "apply",
        // JSON is YAML.
        contentType: "application/apply-patch+yaml",
        body: object,
        query,
        as,
      });
      if (!answer.ok) return answer;
      return ok({ created: answer.value.status === 201, object: answer.value.body as KubernetesObject });
    },
    patch: (address, operations, as) =>
      objectOf(address, {
        method: "PATCH",
        verb: "patch",
        contentType: "application/json-patch+json",
        query: { fieldManager: "lockkeeper" },
        body: operations,
        as,
      }),
    async delete(address, uid, as) {
      const body = {
        kind: "DeleteOptions",
        apiVersion: "v1",
        preconditions: { uid },
        propagationPolicy: "Background",
      };
      const answer = await send(address, { method: "DELETE", verb: "delete", body, as });
      return answer.ok ? ok(undefined) : answer;
    },
  };
}

type ObjectCall = Omit<Call, "path" | "about">;

interface Sending {
  readonly address: ObjectAddress;
  readonly call: ObjectCall;
}

async function sendTo(
  client: ApiClient,
  kinds: Kinds,
  { address, call }: Sending,
): ReturnType<ApiClient["send"]> {
  const kind = await kinds.find(address.apiVersion, address.kind);
  if (!kind.ok) return kind;
  const path = objectPath(kind.value, address);
  if (!path.ok) return path;
  const created = call.method === "POST" ? collectionPath(kind.value, address.namespace) : path.value;
  const answer = await client.send({ ...call, path: created, about: addressText(address) });
  // The object or its namespace may be missing, but so may the kind since it was learned.
  if (!answer.ok && answer.failure.code === "not-found") kinds.forget(address.apiVersion);
  return answer;
}
