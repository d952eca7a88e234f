/** A server on loopback that answers as told and keeps what it was asked, with a kubeconfig that leads to it. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type IncomingHttpHeaders, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface AnsweringServer {
  readonly asked: readonly Asked[];
  readonly directory: string;
  readonly url: string;
  /** A kubeconfig with this user. */
  kubeconfig(user?: object, cluster?: object): Promise<string>;
  stop(): Promise<void>;
}

export type Answering = (asked: Asked, response: ServerResponse) => void;

const kinds = {
  "/api/v1": [
    { name: "secrets", kind: "Secret", namespaced: true },
    { name: "configmaps", kind: "ConfigMap", namespaced: true },
  ],
} as Readonly<Record<string, object[]>>;

/** Discovery of the core group is answered by itself, everything else by `answer`. */
export async function startAnsweringServer(answer: Answering): Promise<AnsweringServer> {
  const directory = await mkdtemp(join(tmpdir(), "lockkeeper-answers-"));
  const asked: Asked[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url: path = "", headers } = incoming;
      const request = { method, path, headers, body: Buffer.concat(chunks).toString() };
      const resources = kinds[path];
      if (resources !== undefined) return json(response, 200, { kind: "APIResourceList", resources });
      asked.push(request);
      answer(request, response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let files = 0;
  return {
    asked,
    directory,
    url,
    async kubeconfig(user = { token: "t" }, cluster = {}) {
      files += 1;
      const file = join(directory, `kubeconfig-${files}`);
      const config = {
        clusters: [{ name: "c", cluster: { server: url, ...cluster } }],
        users: [{ name: "u", user }],
        contexts: [{ name: "main", context: { cluster: "c", user: "u" } }],
        "current-context": "main",
      };
      await writeFile(file, JSON.stringify(config));
      return file;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function json(response: ServerResponse, code: number, body: unknown, headers: object = {}): void {
  response.writeHead(code, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
