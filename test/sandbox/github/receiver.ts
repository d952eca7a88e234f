/** A receiver of webhooks that remembers what it got. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Received {
  /** `check_run.completed`; without the dot where the event has no action. */
  readonly name: string;
  readonly id: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly payload: any;
  /** Verifies the signature with a secret. */
  signedWith(secret: string): boolean;
}

export interface Receiver {
  readonly url: string;
  /** Oldest first. */
  readonly received: Received[];
  /** The names in order, and forgets everything. */
  take(): string[];
  /** What the receiver answers; 200 unless a test says otherwise. */
  status: number;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push(read(request.headers, await text(request)));
    response.writeHead(receiver.status).end("ok");
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    take: () => received.splice(0).map(({ name }) => name),
    status: 200,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

function read(headers: IncomingHttpHeaders, body: string): Received {
  const payload = JSON.parse(body) as { action?: string };
  const event = String(headers["x-github-event"]);
  return {
    name: payload.action === undefined ? event : `${event}.${payload.action}`,
    id: String(headers["x-github-delivery"]),
    payload,
    signedWith: (secret) => {
      const signature = createHmac("sha256", secret).update(body).digest("hex");
      const sent = String(headers["x-hub-signature-256"]);
      return timingSafeEqual(Buffer.from(`sha256=${signature}`), Buffer.from(sent));
    },
  };
}
