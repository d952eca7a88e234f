/** A small container registry on a real socket: OCI distribution with token authentication, in memory. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Access, type Credentials } from "./registry/access.ts";
import { type ImageOptions, buildImage } from "./registry/build-image.ts";
import type { Fault, FaultScope } from "./registry/faults.ts";
import { type LoggedRequest, type PushEvent, type RegistryState, announce, serve } from "./registry/serve.ts";
import { findManifest, openRepository } from "./registry/storage.ts";

export interface RegistryOptions {
  /** Dates images and ages tokens; default: the system's. */
  readonly clock?: { now(): Date };
  /** `anonymous` (the default) lets everyone pull, `required` only the bearer of the credentials. */
  readonly auth?: "anonymous" | "required";
  /** Who may push; without them everyone may. */
  readonly credentials?: Credentials;
  /** What `docker login` may have been given in place of the credentials. */
  readonly identityToken?: string;
}

export interface SandboxRegistry {
  readonly url: string;
  /** Host and port, as image references have it. */
  readonly host: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** Makes an image, tags it and returns its digest. */
  push(repository: string, tag: string, options?: ImageOptions): Promise<string>;
  /** Points a tag, new or old, at a digest that the repository holds. */
  moveTag(repository: string, tag: string, digest: string): void;
  /** Takes a tag away; its manifest stays. */
  deleteTag(repository: string, tag: string): void;
  /** Calls back after every push of a tag; returns how to stop that. */
  onPush(callback: (event: PushEvent) => void): () => void;
  /** Makes requests go wrong; returns how to stop that. */
  inject(fault: Fault, scope?: FaultScope): () => void;
  stop(): Promise<void>;
}

/** Starts a registry on a free port of the loopback address. */
export async function startRegistry(options: RegistryOptions = {}): Promise<SandboxRegistry> {
  const clock = options.clock ?? { now: () => new Date() };
  const { auth = "anonymous", credentials, identityToken } = options;
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state: RegistryState = {
    storage: new Map(),
    uploads: new Map(),
    access: new Access({ host, auth, credentials, identityToken, now: () => clock.now().getTime() }),
    listeners: new Set(),
    faults: new Set(),
    requests: [],
  };
  server.on("request", (incoming, outgoing) => void serve(state, host, incoming, outgoing));
  return {
    url: `http://${host}`,
    host,
    requests: state.requests,
    push: async (repository, tag, image = {}) => {
      const digest = await buildImage(state.storage, repository, tag, { created: clock.now(), ...image });
      setTag(state, repository, tag, digest);
      return digest;
    },
    moveTag: (repository, tag, digest) => setTag(state, repository, tag, digest),
    deleteTag: (repository, tag) => void openRepository(state.storage, repository).tags.delete(tag),
    onPush: (callback) => register(state.listeners, callback),
    inject: (fault, scope = {}) =>
      register(state.faults, { fault, scope, left: scope.times ?? Number.POSITIVE_INFINITY }),
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function register<T>(set: Set<T>, entry: T): () => void {
  set.add(entry);
  return () => void set.delete(entry);
}

function setTag(state: RegistryState, repository: string, tag: string, digest: string): void {
  if (findManifest(state.storage, repository, digest) === undefined) {
    throw new Error(`${repository} holds no ${digest}`);
  }
  openRepository(state.storage, repository).tags.set(tag, digest);
  announce(state, repository, tag, digest);
}
