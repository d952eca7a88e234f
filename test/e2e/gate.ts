/** Stands between `serve` and an outside system, passes everything through, and may hold a write before or after its effect. */

import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer, request as plain } from "node:http";
import { request as secure } from "node:https";
import type { AddressInfo } from "node:net";

export interface Write {
  readonly method: string;
  /** With its query. */
  readonly path: string;
}

/** Called for every write; `send` lets it have its effect. The answer is passed on only when it resolves to true. */
export type OnWrite = (write: Write, send: () => Promise<void>) => Promise<boolean>;

export interface Gate {
  /** Without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The system behind a gate. */
export interface Upstream {
  readonly url: string;
  /** PEM of the authority that signed its certificate, where it has one. */
  readonly authority?: string | undefined;
}

/** Listens for an upstream on a free port, always in plain HTTP. */
export async function openGate(upstream: Upstream, onWrite: OnWrite): Promise<Gate> {
  const server = createServer((incoming, outgoing) => {
    pass(upstream, onWrite, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

async function pass(
  upstream: Upstream,
  onWrite: OnWrite,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const write = { method: incoming.method ?? "GET", path: incoming.url ?? "/" };
  if (!hasEffect(write, body)) {
    const answer = await forward(upstream, incoming, body);
    outgoing.once("close", () => answer.destroy());
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    return;
  }
  let reply: { status: number; headers: IncomingMessage["headers"]; body: Buffer } | undefined;
  const send = async () => {
    const answer = await forward(upstream, incoming, body);
    const parts: Buffer[] = [];
    for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
    reply = { status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(parts) };
  };
  const goesOn = await onWrite(write, send);
  if (!goesOn || reply === undefined) outgoing.destroy();
  else outgoing.writeHead(reply.status, reply.headers).end(reply.body);
}

/** Tokens, reviews of access, dry runs and queries change nothing that anybody sees. */
function hasEffect({ method, path }: Write, body: Buffer): boolean {
  if (method === "GET" || method === "HEAD") return false;
  if (path.endsWith("/graphql")) return body.includes("mutation");
  return !/\/access_tokens$|accessreviews$|[?&]dryRun=All/.test(path);
}

async function forward(
  { url, authority }: Upstream,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const target = new URL(incoming.url ?? "/", url);
  const request = target.protocol === "https:" ? secure : plain;
  const { "transfer-encoding": _chunked, ...headers } = incoming.headers;
  const outgoing = request(target, {
    method: incoming.method,
    ca: authority,
    headers: { ...headers, host: target.host, "content-length": String(body.length) },
  });
  outgoing.end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  return answer;
}
