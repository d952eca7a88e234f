/** A proxy before an API server that spoils its watches as told: the network on a bad day. */

import { readFile, writeFile } from "node:fs/promises";
import { type IncomingMessage, type ServerResponse, createServer, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";

/**
 * What happens to a watch that begins: `pass`; `cut` when half of the next line is through; `silent` for ever; an HTTP
 * status; or an ERROR event with code 410.
 */
export type Weather = "pass" | "cut" | "silent" | "gone-event" | 410 | 500 | 503;

export interface FlakyProxy {
  readonly kubeconfig: string;
  /** For watches from now on, or for lists. */
  weather: Weather;
  lists: Weather;
  /** Watches that began. */
  watches(): number;
  /** Cuts every watch that goes on. */
  cut(): void;
  stop(): Promise<void>;
}

interface Config {
  clusters: { cluster: { server: string; "certificate-authority-data"?: string } }[];
}

/** Reads where the server is from its kubeconfig and writes one for the proxy beside it. */
export async function startFlakyProxy(kubeconfig: string): Promise<FlakyProxy> {
  const config = JSON.parse(await readFile(kubeconfig, "utf8")) as Config;
  const { cluster } = config.clusters[0]!;
  const { "certificate-authority-data": authority, server: origin } = cluster;
  const ca = authority === undefined ? undefined : Buffer.from(authority, "base64");
  let began = 0;
  const open = new Set<ServerResponse>();
  const proxy = { weather: "pass" as Weather, lists: "pass" as Weather };
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? "/", origin);
    const watches = url.searchParams.get("watch") === "true";
    if (watches) began += 1;
    if (watches) open.add(response.once("close", () => open.delete(response)));
    const lists = url.searchParams.has("limit");
    const weather = watches ? proxy.weather : lists ? proxy.lists : "pass";
    spoil(weather, response, () => forward({ url, ca }, incoming, { response, weather }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const spoiled = `${kubeconfig}.flaky-${(server.address() as AddressInfo).port}`;
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(
    spoiled,
    JSON.stringify({ ...config, clusters: [{ name: "sandbox", cluster: { server: address } }] }),
  );
  return Object.assign(proxy, {
    kubeconfig: spoiled,
    watches: () => began,
    cut() {
      for (const response of open) response.destroy();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  });
}

function spoil(weather: Weather, response: ServerResponse, forwarded: () => void): void {
  if (weather === "pass" || weather === "cut") return forwarded();
  response.writeHead(typeof weather === "number" ? weather : 200, { "content-type": "application/json" });
  if (weather === "silent") return response.flushHeaders();
  const code = weather === "gone-event" ? 410 : weather;
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", code };
  response.end(`${JSON.stringify(weather === "gone-event" ? { type: "ERROR", object: status } : status)}\n`);
}

function forward(
  { url, ca }: { url: URL; ca: Buffer | undefined },
  incoming: IncomingMessage,
  { response, weather }: { response: ServerResponse; weather: Weather },
): void {
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const { host: _, ...headers } = incoming.headers;
  const upstream = request(url, { method: incoming.method, headers, ca, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.on("data", (chunk: Buffer) => {
      if (weather !== "cut") return response.write(chunk);
      response.write(chunk.subarray(0, chunk.length >> 1), () => response.destroy());
      return upstream.destroy();
    });
    answer.once("end", () => response.end());
  });
  upstream.on("error", () => response.destroy());
  response.once("close", () => upstream.destroy());
  incoming.pipe(upstream);
}
