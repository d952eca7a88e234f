/** The only thing that listens to the world: the webhook paths, two probes, and nothing else. */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { type Delivery, deliveryReader } from "./delivery.ts";
import { type RegistryPushes, readRegistryPush } from "./registry-push.ts";

const webhookPath = "/api/github/webhooks";

export interface DoorOptions {
  readonly secret: string;
  /** Called with deliveries whose signature is right. It only puts keys on the queue, so the answer does not wait long. */
  readonly receive: (delivery: Delivery) => Promise<void>;
  /** Whether work is being taken. */
  readonly ready: () => boolean;
  /** To send headers and body. */
  readonly deadlineMs?: number;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, message: string): void };
  /** Registries that tell of pushes; without it their paths are not there. */
  readonly registries?: RegistryPushes;
  /** Told the status of every answer on the webhook path of GitHub. */
  readonly observe?: (status: number) => void;
}

const defaultDeadlineMs = 10_000;
/** A refused body up to this size is read and thrown away. */
const littleBytes = 64 * 1024;
const lingerMs = 1000;

/**
 * A server that is not listening yet. GitHub waits ten seconds for an answer and its largest payload is 25 MB:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
 */
export function createDoor(options: DoorOptions): Server {
  const deadline = options.deadlineMs ?? defaultDeadlineMs;
  const server = createServer({
    headersTimeout: deadline,
    requestTimeout: deadline,
    connectionsCheckingInterval: Math.min(1000, deadline / 4),
    keepAliveTimeout: 5000,
  });
  const read = deliveryReader(options.secret);
  const readPush = options.registries === undefined ? undefined : readRegistryPush(options.registries);
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    route({ ...options, read, readPush }, request, response).catch((bug: unknown) => {
      options.log.warn(
        { bug: true, stack: bug instanceof Error ? bug.stack : String(bug) },
        "the door broke",
      );
      response.destroy();
    });
  };
  server.on("request", serve);
  // A client that asks first whether it may send its body is told no before it sends it.
  server.on("checkContinue", serve);
  return server;
}

interface Readers {
  readonly read: ReturnType<typeof deliveryReader>;
  readonly readPush: ReturnType<typeof readRegistryPush> | undefined;
}

async function route(
  options: DoorOptions & Readers,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? "").split("?", 1)[0];
  const probe = request.method === "GET" || request.method === "HEAD";
  if (probe && path === "/healthz") return answer(request, response, 200, "ok");
  if (probe && path === "/readyz") {
    return options.ready()
      ? answer(request, response, 200, "ready")
      : answer(request, response, 503, "not ready");
  }
  if (request.method !== "POST") return answer(request, response, 404, "not found");
  return path === webhookPath
    ? takeDelivery(options, request, response)
    : takePush(options, request, response);
}

async function takePush(
  options: DoorOptions & Readers,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const push = await options.readPush?.(request, response);
  if (push === undefined) return answer(request, response, 404, "not found");
  if (push === "gone") return undefined;
  if (push === "accepted") return answer(request, response, 202, "accepted");
  options.log.warn({ status: push.status, from: request.socket.remoteAddress }, push.refused);
  return answer(request, response, push.status, push.refused);
}

async function takeDelivery(
  options: DoorOptions & Readers,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const delivery = await options.read(request, response);
  if (delivery === "gone") return undefined;
  if ("refused" in delivery) {
    options.log.warn({ status: delivery.status, from: request.socket.remoteAddress }, delivery.refused);
    options.observe?.(delivery.status);
    return answer(request, response, delivery.status, delivery.refused);
  }
  await options.receive(delivery).catch((error: unknown) => {
    // Losing an event costs only time: the resync finds what it told of.
    const message = error instanceof Error ? error.name : "unknown error";
    options.log.warn({ event: delivery.name, delivery: delivery.id }, `an event was dropped: ${message}`);
  });
  options.observe?.(202);
  return answer(request, response, 202, "accepted");
}

/**
 * Answers at once. What the client is still sending is read to its end only when it is little; else nothing more is read
 * and the connection is cut, a second later so that the client sees why.
 */
function answer(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  const sending = !request.complete && isSending(request);
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...(sending ? { connection: "close" } : {}),
  });
  if (!sending) {
    response.end(text);
    return;
  }
  response.write(text);
  request.once("close", () => response.end());
  if (Number(request.headers["content-length"]) <= littleBytes) {
    request.once("end", () => response.end());
    request.resume();
    return;
  }
  request.pause();
  setTimeout(() => request.socket.destroy(), lingerMs).unref();
}

function isSending({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
