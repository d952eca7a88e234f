/** An internet for tests: every host name, https or http, is answered by one handler behind a real socket. */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { request } from "undici";
import type { SendRequest } from "../../src/registry/transport.ts";

/** A request as its sender meant it. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

type Handler = (request: WireRequest) => WireAnswer | undefined | Promise<WireAnswer | undefined>;

const originalUrl = "x-original-url";

export class Wire {
  readonly requests: WireRequest[] = [];
  readonly #server: Server;
  readonly #address: string;

  private constructor(server: Server, handler: Handler) {
    this.#server = server;
    this.#address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    server.on("request", (incoming, outgoing) => void this.#answer(handler, incoming, outgoing));
  }

  async #answer(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(String(incoming.headers[originalUrl]));
    const { authorization } = incoming.headers;
    const request = { method: incoming.method ?? "", url, authorization, body: await text(incoming) };
    this.requests.push(request);
    const answer = await handler(request);
    if (answer === undefined) incoming.socket.destroy();
    else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  }

  /** The handler's undefined cuts the connection. */
  static async start(handler: Handler): Promise<Wire> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new Wire(server, handler);
  }

  /** What the adapter is given instead of the global internet. */
  readonly request: SendRequest = (url, { dispatcher: _guard, ...options }) =>
    request(this.#address, { ...options, headers: { ...options.headers, [originalUrl]: url.href } });

  /** Where requests went, oldest first. */
  get places(): string[] {
    return this.requests.map(({ url }) => url.origin + url.pathname);
  }

  stop(): Promise<void> {
    return new Promise((done) => {
      this.#server.close(() => done());
      this.#server.closeAllConnections();
    });
  }
}
