/** A server that does nothing but render, for a container that has no credentials and that a network policy closes. */

import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fail } from "../model/failure.ts";
import { decodeJob, encodeResult, mostBytes } from "./render-wire.ts";
import { helmTool, kustomizeTool } from "./tools.ts";
import type { Workshop } from "./workshop.ts";

const tools = [kustomizeTool, helmTool];

export interface RenderServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * `GET /tools/<name>`: where a tool is, its version and what keeps it apart. `POST /run`: runs a job, of these tools alone.
 * `GET /healthz`. It answers whoever reaches it: who does is for the network policy to say.
 */
export async function startRenderServer(
  workshop: Workshop,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RenderServer> {
  const server = createServer((request, response) => {
    void answer(workshop, request).then(([status, body]) => reply(response, status, body));
  });
  server.listen(port, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      workshop.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

type Reply = readonly [status: number, body: string];

async function answer(workshop: Workshop, request: IncomingMessage): Promise<Reply> {
  const { method, url = "/" } = request;
  if (method === "GET" && url === "/healthz") return [200, "{}"];
  const wanted = tools.find(({ name }) => url === `/tools/${name}`);
  if (method === "GET" && wanted !== undefined) {
    const found = await workshop.find(wanted);
    if (!found.ok) return [200, encodeResult(found, String)];
    const walls = await workshop.walls([found.value.path]);
    return [200, encodeResult(found, (tool) => ({ ...tool, walls }))];
  }
  if (method !== "POST" || url !== "/run") return [404, "{}"];
  const text = await bodyOf(request);
  const job = text === null ? null : decodeJob(text);
  if (job === null) return [400, encodeResult(fail("malformed", "is no job that can be run"), String)];
  const known = await Promise.all(tools.map((tool) => workshop.find(tool)));
  const paths = new Set(known.flatMap((found) => (found.ok ? [found.value.path] : [])));
  if (!job.programs.every((program) => paths.has(program)))
    return [
      400,
      encodeResult(fail("unsupported", "asks for a program that the render server does not run"), String),
    ];
  return [200, encodeResult(await workshop.run(job), (output) => output.toString("base64"))];
}

/** Null where it is too long, or breaks off. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBytes) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "content-type": "application/json",
    connection: status === 200 ? "keep-alive" : "close",
  });
  response.end(body);
}
