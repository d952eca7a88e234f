/** The registry port over HTTP, for any registry that speaks the OCI distribution protocol. */

import { ok } from "../model/failure.ts";
import { imageKey, normaliseHost } from "../model/image.ts";
import type { Registry } from "../ports/registry.ts";
import { Conversation } from "./conversation.ts";
import type { FindCredentials } from "./credentials.ts";
import { HostRests } from "./host-rests.ts";
import { ImageContents } from "./image-contents.ts";
import { readLabels } from "./read-labels.ts";
import { resolveManifest } from "./manifests.ts";
import { readPlatforms } from "./read-platforms.ts";
import { shareCalls } from "./share-calls.ts";
import { TagPages } from "./tag-pages.ts";
import { Tokens } from "./tokens.ts";
import { type SendRequest, Transport } from "./transport.ts";

export interface RegistryOptions {
  /** Hosts (with port) that may be plain http or at a private address. */
  readonly insecureHosts: readonly string[];
  /** Without it everything is asked for anonymously. */
  readonly credentials?: FindCredentials;
  /** What sends requests; default: undici. */
  readonly request?: SendRequest;
  /** For each call of the port as a whole, with all its requests; default 30 seconds. */
  readonly deadlineMs?: number;
  /** A clock in milliseconds that never goes back; default `performance.now`. */
  readonly now?: () => number;
}

/** Calls that ask for the same thing at the same time share one answer. */
export function createRegistry(options: RegistryOptions): Registry {
  const insecure = new Set(options.insecureHosts.map(normaliseHost));
  const isListed = (host: string): boolean => insecure.has(normaliseHost(host));
  const transport = new Transport(options.request, isListed);
  const tokens = new Tokens(transport, options.credentials ?? (async () => ok(undefined)), isListed);
  const rests = new HostRests(options.now ?? (() => performance.now()));
  const conversation = new Conversation(transport, tokens, { isListed, rests });
  const pages = new TagPages(conversation);
  const deadline = (): AbortSignal => AbortSignal.timeout(options.deadlineMs ?? 30_000);
  const contents = new ImageContents(conversation);
  const shared = shareCalls();
  return {
    tags: (image) => shared(`tags ${imageKey(image)}`, () => pages.list(image, deadline())),
    resolve: (image, tag) =>
      shared(`resolve ${imageKey(image)} ${tag}`, () =>
        resolveManifest(conversation, image, tag, deadline()),
      ),
    platforms: (image, reference) => readPlatforms(contents, image, reference, deadline()),
    labels: (image, reference) => readLabels(contents, image, reference, deadline()),
    created: async (image, reference) => {
      const labels = await readLabels(contents, image, reference, deadline());
      return labels.ok ? ok(labels.value.created) : labels;
    },
    get requests() {
      return transport.requests;
    },
  };
}
