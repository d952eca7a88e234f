/** An internet for tests: every host name, https or http, is answered by one handler behind a real socket. */

import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fetch } from "undici";
import type { Fetch } from "../../src/registry/transport.ts";

/** A request as its sender meant it. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const originalUrl = "x-original-url";

export class Wire {
  readonly requests: WireRequest[] = [];
  readonly #server: Server;
  readonly #address: string;

  private constructor(server: Server, handler: (request: WireRequest) => WireAnswer | undefined) {
    this.#server = server;
    this.#address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    server.on("request", (incoming, outgoing) => {
      const url = new URL(String(incoming.headers[originalUrl]));
      const request = { method: incoming.method ?? "", url, authorization: incoming.headers.authorization };
      this.requests.push(request);
      const answer = handler(request);
      if (answer === undefined) return incoming.socket.destroy();
      return outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    });
  }

  /** The handler's undefined cuts the connection. */
  static async start(handler: (request: WireRequest) => WireAnswer | undefined): Promise<Wire> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new Wire(server, handler);
  }

  /** What the adapter is given instead of the global internet. */
  readonly fetch: Fetch = (input, init) => {
    const { dispatcher: _guard, ...rest } = init ?? {};
    const headers = { ...(init?.headers as Record<string, string>), [originalUrl]: (input as URL).href };
    return fetch(this.#address, { ...rest, headers });
  };

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
