/** A small Kubernetes API in this process, over HTTPS on loopback: for machines without a real API server. */

import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { openAdminApi } from "../admin-api.ts";
import type { ApiServer } from "../api-server.ts";
import { type ResourceRequest, parseResourcePath } from "./api-request.ts";
import { describeApi, memoryVersion } from "./describe-api.ts";
import { describeOpenApi } from "./describe-openapi.ts";
import { firstObjects } from "./first-objects.ts";
import { refuseAccess } from "./may-access.ts";
import { type ObjectStore, createObjectStore } from "./object-store.ts";
import { Refusal, badRequest } from "./refusal.ts";
import { selfSigned } from "./self-signed.ts";
import { serveResource } from "./serve-resource.ts";
import { streamChanges } from "./watch-stream.ts";

export interface MemoryServer extends ApiServer {
  /** Forgets all past changes, so that watches and pages from before are answered with 410. */
  compact(): void;
}

/** A real API server takes 3 MiB at most. */
const maximumBodyBytes = 3 * 1024 * 1024;

export async function startMemoryServer(): Promise<MemoryServer> {
  const store = createObjectStore();
  firstObjects(store);
  const token = randomBytes(24).toString("hex");
  const { key, certificate } = selfSigned(new Date());
  const server = createServer({ key, cert: certificate }, (incoming, response) => {
    void answer(store, token, incoming, response).catch((error: unknown) => {
      // A bug of the sandbox must not look like a silent server.
      if (!response.headersSent)
        send(response, 500, { kind: "Status", status: "Failure", message: String(error), code: 500 });
      else response.destroy();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  // With TLS, because kubectl sends no token without it.
  const access = { url: `https://127.0.0.1:${port}`, token, authority: certificate };
  const api = openAdminApi(access);
  return {
    access,
    api,
    version: memoryVersion,
    controllers: false,
    compact: () => store.compact(),
    async stop() {
      await api.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function answer(
  store: ObjectStore,
  token: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? "/", "http://sandbox");
  if (["/readyz", "/livez", "/healthz"].includes(url.pathname)) return void response.end("ok");
  if (!isAdmin(incoming.headers.authorization, token)) {
    return refuse(response, new Refusal(401, "Unauthorized", "Unauthorized"));
  }
  const { pathname } = url;
  const description = incoming.method === "GET" ? (describeApi(pathname) ?? describeOpenApi(pathname)) : null;
  if (description !== null) return send(response, 200, description);
  const path = parseResourcePath(url.pathname);
  if (path === null) {
    response.writeHead(404, { "content-type": "text/plain" });
    return void response.end("404 page not found\n");
  }
  const body = await readBody(incoming);
  if (body instanceof Refusal) return refuse(response, body);
  const request = { ...path, ...envelope(incoming, url), body };
  const denied = deniedTo(store, incoming.headers["impersonate-user"], request);
  if (denied !== null) return refuse(response, denied);
  if (request.method === "GET" && isWatch(request)) {
    const refused = streamChanges(store, request, response);
    if (refused !== null) refuse(response, refused);
    return;
  }
  const result = serveResource(store, request);
  if (result instanceof Refusal) return refuse(response, result);
  send(response, result.code, result.body);
}

function isAdmin(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function isWatch(request: ResourceRequest): boolean {
  return request.name === undefined && ["true", "1"].includes(request.query.get("watch") ?? "");
}

function envelope(incoming: IncomingMessage, url: URL) {
  const agent = (incoming.headers["user-agent"] ?? "unknown").split(/[/ ]/)[0] ?? "unknown";
  return {
    method: incoming.method ?? "GET",
    query: url.searchParams,
    contentType: (incoming.headers["content-type"] ?? "application/json").replace(/;.*/, "").trim(),
    // Clients name what they like best first.
    metadataOnly: /^[^,]*;as=PartialObjectMetadata(?:List)?;/.test(incoming.headers.accept ?? ""),
    manager: url.searchParams.get("fieldManager") || agent,
  };
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maximumBodyBytes)
      return new Refusal(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728");
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    return badRequest("the object provided is unrecognized: it is not JSON");
  }
}

const verbs: Readonly<Record<string, string>> = {
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** The administrator may everything; whoever is impersonated may what the stored roles say. */
function deniedTo(
  store: ObjectStore,
  user: string | string[] | undefined,
  request: ResourceRequest,
): Refusal | null {
  if (typeof user !== "string") return null;
  const { kind, subresource, namespace, name } = request;
  const read = name === undefined ? (isWatch(request) ? "watch" : "list") : "get";
  const verb = verbs[request.method] ?? read;
  const denied = refuseAccess(store, user, { verb, kind, subresource, namespace, name });
  const creates = verb === "patch" && name !== undefined && store.get(kind, namespace, name) === undefined;
  return denied ?? (creates ? refuseAccess(store, user, { verb: "create", kind, namespace, name }) : null);
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  send(response, refusal.code, refusal.body);
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}
