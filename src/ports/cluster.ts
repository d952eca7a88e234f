import type { Failure, Result } from "../model/failure.ts";
import type { KindInfo, KubernetesObject, ObjectAddress } from "../model/resource.ts";

/** As whom a request is made: an impersonated service account `namespace/name`, or ourselves. */
export type Identity = { readonly serviceAccount: string } | "self";

export interface ApplyOptions {
  readonly manager: string;
  /** Take fields that others own. */
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly as: Identity;
}

/** One operation of a JSON patch (RFC 6902). */
export interface PatchOperation {
  readonly op: "test" | "replace" | "remove";
  readonly path: string;
  readonly value?: unknown;
}

/** What a refused call carries as the `cause` of its failure, beside the code and the sentence. */
export interface RefusalCause {
  readonly status: number;
  readonly reason?: string;
  /** Fields that other managers hold, as the server names them, where that is all that is wrong. */
  readonly conflicts?: readonly { readonly field: string; readonly manager: string }[];
  /** Nothing is wrong but that fields were to change that never change. */
  readonly immutable?: true;
}

/** `created` is told from the answer's status 201. */
export interface Applied {
  readonly created: boolean;
  readonly object: KubernetesObject;
}

/**
 * One change seen by a watch; `synced` says that everything that existed when the watch began has been delivered. What a
 * listing brings is `listed`: its version need not be that of one single change.
 */
export type WatchEvent =
  | { readonly type: "present"; readonly object: KubernetesObject; readonly listed?: boolean }
  | { readonly type: "gone"; readonly object: KubernetesObject }
  | { readonly type: "synced" };

export interface Watch {
  stop(): void;
}

/** What of a kind is watched; without it, whole objects of all namespaces. */
export interface WatchScope {
  readonly namespace?: string;
  /** Objects come without anything but their metadata, as far as the server can. */
  readonly metadataOnly?: boolean;
  /** Told of every listing that failed; it is tried again all the same. */
  readonly onFailure?: (failure: Failure) => void;
}

/** One Kubernetes cluster, spoken to in raw JSON. Every call has a deadline. */
export interface Cluster {
  /** The server's version, `v1.20.2`. */
  version(): Promise<Result<string>>;
  /** How a kind is served; `not-found` when it is not, `unavailable` when that could not be learned. */
  kind(apiVersion: string, kind: string): Promise<Result<KindInfo>>;
  get(address: ObjectAddress): Promise<Result<KubernetesObject>>;
  /** Objects of a kind by label selector, every page. */
  list(
    kind: KindInfo,
    labelSelector: string,
    scope?: Pick<WatchScope, "namespace" | "metadataOnly">,
  ): Promise<Result<readonly KubernetesObject[]>>;
  /**
   * Server-side apply. `conflict` names the managers, `rejected` the fields; `unsupported` where something in the way takes
   * no dry runs; a Secret's value is never in the message.
   */
  apply(object: KubernetesObject, options: ApplyOptions): Promise<Result<Applied>>;
  /** A JSON patch; `conflict` or `rejected` where a test in it fails. */
  patch(
    address: ObjectAddress,
    operations: readonly PatchOperation[],
    as: Identity,
  ): Promise<Result<KubernetesObject>>;
  /** How every kind is served that can be listed, in one version each; groups that do not answer are left out. */
  kinds(): Promise<Result<readonly KindInfo[]>>;
  /** Creates; `conflict` when it exists. */
  create(object: KubernetesObject): Promise<Result<KubernetesObject>>;
  /** Replaces, guarded by the object's resourceVersion; `conflict` when it moved. */
  replace(object: KubernetesObject): Promise<Result<KubernetesObject>>;
  /** Deletes the object of exactly this uid, in the background; `not-found` and a moved uid (`conflict`) are told apart. */
  delete(address: ObjectAddress, uid: string, as: Identity): Promise<Result<void>>;
  /**
   * Watches a kind until stopped, through every error: restarts with back-off, lists again after 410, and lists at least
   * every `relistSeconds`. Events of one object come in order; an object may be reported present twice.
   */
  watch(
    kind: KindInfo,
    labelSelector: string,
    onEvent: (event: WatchEvent) => void,
    scope?: WatchScope,
  ): Watch;
  /** Requests sent since the start, by verb. */
  readonly requests: ReadonlyMap<string, number>;
}
