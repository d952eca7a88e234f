/** The registry port over HTTP, for any registry that speaks the OCI distribution protocol. */

import { type Result, ok } from "../model/failure.ts";
import { imageKey, normaliseHost } from "../model/image.ts";
import type { Registry } from "../ports/registry.ts";
import { Conversation } from "./conversation.ts";
import { readCreated } from "./created.ts";
import type { FindCredentials } from "./credentials.ts";
import { HostRests } from "./host-rests.ts";
import { keepAnswers } from "./keep-answers.ts";
import { readPlatforms, resolveManifest } from "./manifests.ts";
import { TagPages } from "./tag-pages.ts";
import { Tokens } from "./tokens.ts";
import { type Fetch, Transport } from "./transport.ts";

export interface RegistryOptions {
  /** Hosts (with port) that may be plain http or at a private address. */
  readonly insecureHosts: readonly string[];
  /** Without it everything is asked for anonymously. */
  readonly credentials?: FindCredentials;
  readonly fetch?: Fetch;
  /** For each call of the port as a whole, with all its requests; default 30 seconds. */
  readonly deadlineMs?: number;
  /** A clock in milliseconds that never goes back; default `performance.now`. */
  readonly now?: () => number;
}

/** Calls that ask for the same thing at the same time share one answer. */
export function createRegistry(options: RegistryOptions): Registry {
  const insecure = new Set(options.insecureHosts.map(normaliseHost));
  const isListed = (host: string): boolean => insecure.has(normaliseHost(host));
  const transport = new Transport(options.fetch, isListed);
  const tokens = new Tokens(transport, options.credentials ?? (async () => ok(undefined)), isListed);
  const rests = new HostRests(options.now ?? (() => performance.now()));
  const conversation = new Conversation(transport, tokens, { isListed, rests });
  const pages = new TagPages(conversation);
  const deadline = (): AbortSignal => AbortSignal.timeout(options.deadlineMs ?? 30_000);
  const shared = shareCalls();
  const kept = keepAnswers();
  return {
    tags: (image) => shared(`tags ${imageKey(image)}`, () => pages.list(image, deadline())),
    resolve: (image, tag) =>
      shared(`resolve ${imageKey(image)} ${tag}`, () =>
        resolveManifest(conversation, image, tag, deadline()),
      ),
    platforms: (image, reference) =>
      kept(reference, `platforms ${imageKey(image)} ${reference}`, (key) =>
        shared(key, () => readPlatforms(conversation, image, reference, deadline())),
      ),
    created: (image, reference) =>
      kept(reference, `created ${imageKey(image)} ${reference}`, (key) =>
        shared(key, () => readCreated(conversation, image, reference, deadline())),
      ),
    get requests() {
      return transport.requests;
    },
  };
}

/** Keeps a call's promise under its key until it is done. A key is used for one type of answer only. */
function shareCalls(): <T>(key: string, call: () => Promise<Result<T>>) => Promise<Result<T>> {
  const running = new Map<string, Promise<Result<unknown>>>();
  return <T>(key: string, call: () => Promise<Result<T>>) => {
    const same = running.get(key) as Promise<Result<T>> | undefined;
    if (same !== undefined) return same;
    const started = call().finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
}
