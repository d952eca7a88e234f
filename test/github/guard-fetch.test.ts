import { once } from "node:events";
import { type RequestListener, type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Octokit } from "@octokit/core";
import { afterEach, describe, expect, test } from "vitest";
import { guardFetch } from "../../src/github/guard-fetch.ts";
import { attempt } from "../../src/github/translate.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Calls a route through octokit as the adapter does, with small limits. */
function call(baseUrl: string, route: string) {
  const fetch = guardFetch({
    fetch: globalThis.fetch,
    origin: new URL(baseUrl).origin,
    deadlineMs: 300,
    maximumBytes: 1000,
    onRequest: () => {},
  });
  const octokit = new Octokit({ baseUrl, request: { fetch } });
  octokit.hook.before("request", (options) => {
    options.headers.authorization = "token ghs_secret";
  });
  return attempt("ask", async () => (await octokit.request(route)).data as unknown);
}

describe("every call ends:", () => {
  test.each<[string, RequestListener, string]>([
    ["a server that is silent", () => {}, "timeout"],
    [
      "a body that drips",
      (_request, response) => {
        response.writeHead(200, { "content-type": "application/json" }).write("[");
        const drip = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(drip));
      },
      "timeout",
    ],
    ["a body that is too large", (_request, response) => void response.end("x".repeat(2000)), "too-large"],
    ["a connection that breaks", (request) => void request.socket.destroy(), "unavailable"],
  ])("%s", async (_what, listener, code) => {
    const result = await call(await serve(listener), "GET /repos/acme/gitops");
    expect(result).toMatchObject({ ok: false, failure: { code } });
  });
});

describe("redirects", () => {
  test("to another origin are not followed, and it learns nothing", async () => {
    const seen: unknown[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    const url = await serve(
      (_request, response) => void response.writeHead(302, { location: `${other}/x` }).end(),
    );
    expect(await call(url, "GET /repos/acme/gitops")).toMatchObject({ failure: { code: "forbidden" } });
    expect(seen).toEqual([]);
  });

  test.each([
    ["GET", 301, ["GET /old", "GET /new"]],
    ["POST", 307, ["POST /old", "POST /new"]],
    ["POST", 301, ["POST /old"]],
  ])("of a %s with %i within GitHub go to %j", async (method, status, expected) => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      if (request.url === "/new") response.end();
      else response.writeHead(status, { location: "/new" }).end();
    });
    await call(url, `${method} /old`);
    expect(seen).toEqual(expected);
  });

  test("that never end are given up", async () => {
    const url = await serve(
      (_request, response) => void response.writeHead(302, { location: "/again" }).end(),
    );
    expect(await call(url, "GET /again")).toMatchObject({ failure: { code: "unavailable" } });
  });
});
