/** The HTTP side of the sandbox registry: reads a request, finds its handler, applies faults, answers. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Access, Action } from "./access.ts";
import { type Uploads, beginUpload, continueUpload, readBlob } from "./blobs.ts";
import { type RegistryRequest, type Reply, json, refusal } from "./exchange.ts";
import type { Fault, FaultScope } from "./faults.ts";
import { handleManifest } from "./manifests.ts";
import { type Storage } from "./storage.ts";
import { listTags } from "./tag-list.ts";

/** One request that came in; `path` has its query. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** It carried a token of this registry that was still good. */
  readonly authorised: boolean;
  /** The answer's status; 0 for silence. */
  readonly status: number;
}

/** A tag that was pushed, by the method or by a client over HTTP. */
export interface PushEvent {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** All that a running registry keeps. */
export interface RegistryState {
  readonly storage: Storage;
  readonly uploads: Uploads;
  readonly access: Access;
  readonly listeners: Set<(event: PushEvent) => void>;
  readonly faults: Set<{ readonly fault: Fault; readonly scope: FaultScope; left: number }>;
  readonly requests: LoggedRequest[];
}

/** Largest body of a request: one layer of a real image fits. */
const maximumBody = 256 * 1024 * 1024;
const namePattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const route =
  /^\/v2\/(?<name>.+?)\/(?:(?<tags>tags\/list)|manifests\/(?<reference>[^/]+)|(?<begin>blobs\/uploads\/?)|blobs\/uploads\/(?<upload>[^/]+)|blobs\/(?<digest>[^/]+))$/;

/** Answers one request; a client that goes away is none of our business. */
export async function serve(
  state: RegistryState,
  host: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = {
    method: incoming.method ?? "GET",
    url: URL.parse(incoming.url ?? "/", `http://${host}`) ?? new URL(`http://${host}/`),
    headers: incoming.headers,
  };
  const body = await readBody(incoming);
  if (body === "gone") return;
  const full: RegistryRequest = { ...request, body: body === "too-large" ? Buffer.alloc(0) : body };
  const usual =
    body === "too-large" ? refusal("SIZE_INVALID", "the body is too large") : dispatch(state, full);
  const answer = distort(state, full, usual);
  state.requests.push({
    method: full.method,
    path: full.url.pathname + full.url.search,
    authorised: state.access.authorised(full),
    status: answer?.status ?? 0,
  });
  if (answer === null) return;
  outgoing.writeHead(answer.status, { "docker-distribution-api-version": "registry/2.0", ...answer.headers });
  outgoing.end(full.method === "HEAD" ? undefined : answer.body);
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | "too-large" | "gone"> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= maximumBody) chunks.push(chunk);
    }
  } catch {
    return "gone";
  }
  return length > maximumBody ? "too-large" : Buffer.concat(chunks);
}

function distort(state: RegistryState, request: RegistryRequest, usual: Reply): Reply | null {
  let answer: Reply | null = usual;
  for (const entry of state.faults) {
    const { method = request.method, path = /(?:)/ } = entry.scope;
    const meets = method === request.method && path.test(request.url.pathname + request.url.search);
    if (answer === null || !meets || entry.left <= 0) continue;
    entry.left -= 1;
    answer = entry.fault(request, answer);
  }
  return answer;
}

function dispatch(state: RegistryState, request: RegistryRequest): Reply {
  const pathname = request.url.pathname.replaceAll(/%3a/gi, ":");
  if (pathname === "/token") return state.access.issue(request);
  if (pathname === "/v2/" || pathname === "/v2") return state.access.challenge(request) ?? json(200, {});
  const place = route.exec(pathname)?.groups;
  const name = place?.["name"];
  if (place === undefined || name === undefined) {
    return json(404, { errors: [{ code: "UNSUPPORTED", message: "no such endpoint" }] });
  }
  if (!namePattern.test(name)) return refusal("NAME_INVALID", "not a repository name");
  return (
    state.access.challenge(request, name, neededFor(request.method)) ?? handle(state, name, place, request)
  );
}

function handle(
  state: RegistryState,
  name: string,
  place: Readonly<Record<string, string | undefined>>,
  request: RegistryRequest,
): Reply {
  const { storage, uploads } = state;
  const [reference, upload, digest] = [place["reference"], place["upload"], place["digest"]];
  if (reference !== undefined) {
    return handleManifest(storage, { name, reference }, request, (...tag) => announce(state, ...tag));
  }
  if (place["begin"] !== undefined) return beginUpload(storage, uploads, name, request);
  if (upload !== undefined) return continueUpload(storage, uploads, { name, id: upload }, request);
  if (digest !== undefined) return readBlob(storage, name, digest, request);
  return listTags(storage, name, request);
}

/** Tells the listeners of a pushed tag. */
export function announce(state: RegistryState, repository: string, tag: string, digest: string): void {
  for (const listener of state.listeners) listener({ repository, tag, digest });
}

function neededFor(method: string): readonly Action[] {
  if (method === "GET" || method === "HEAD") return ["pull"];
  return method === "DELETE" ? ["delete"] : ["pull", "push"];
}
