import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, type OutgoingHttpHeaders, type Server, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { events } from "../../src/app.ts";
import { createDoor } from "../../src/runtime/door.ts";
import type { Delivery } from "../../src/runtime/delivery.ts";
import { type ServeProcess, goodEnvironment, startServe } from "./serve-process.ts";

const mebibyte = 1024 * 1024;
const secret = goodEnvironment["WEBHOOK_SECRET"]!;
const path = "/api/github/webhooks";

function signed(body: string, event = "push"): OutgoingHttpHeaders {
  return {
    "content-type": "application/json",
    "x-github-event": event,
    "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  };
}

/** Sends a request and answers status, headers and text. */
async function send(
  url: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: string },
): Promise<{ status: number; text: string; headers: IncomingMessage["headers"] }> {
  const outgoing = request(url, { method: options.method ?? "POST", headers: options.headers, agent: false });
  outgoing.end(options.body);
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, text, headers: response.headers };
}

/** Sends so many bytes without caring for an answer until all are sent or the connection is cut; answers the status line. */
async function flood(url: string, headers: OutgoingHttpHeaders, bytes: number): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => (answer += String(chunk)));
  socket.on("error", () => {});
  const closed = new Promise((resolve) => void socket.once("close", resolve));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  const chunked = headers["content-length"] === undefined;
  if (chunked) lines.push("transfer-encoding: chunked\r\n");
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\n${lines.join("")}\r\n`);
  const piece = Buffer.alloc(mebibyte, "a");
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += mebibyte) {
    if (chunked) socket.write(`${mebibyte.toString(16)}\r\n`);
    const room = socket.write(piece);
    if (chunked) socket.write("\r\n");
    if (!room) await Promise.race([new Promise((resolve) => void socket.once("drain", resolve)), closed]);
  }
  if (chunked) socket.write("0\r\n\r\n");
  await closed;
  return answer.split("\r\n", 1)[0] ?? "";
}

describe("serve", () => {
  let serve: ServeProcess;
  beforeAll(async () => void (serve = await startServe()));
  afterAll(() => serve.stop());

  const residentBytes = (): number =>
    Number(execFileSync("ps", ["-o", "rss=", "-p", String(serve.child.pid)]).toString()) * 1024;

  test.each([
    ["in chunks", {}],
    ["with its length", { "content-length": 200 * mebibyte }],
  ])(
    "refuses 200 MiB with a bad signature, sent %s, without taking memory or filling the log",
    async (_how, more) => {
      const before = residentBytes();
      const logBefore = serve.log().length;
      let peak = before;
      const watch = setInterval(() => (peak = Math.max(peak, residentBytes())), 20);
      const flooded = flood(serve.url, { ...signed("something else"), ...more }, 200 * mebibyte);
      const answer = await flooded.finally(() => clearInterval(watch));
      expect(answer).toBe("HTTP/1.1 413 Payload Too Large");
      expect(Math.max(peak, residentBytes()) - before).toBeLessThan(64 * mebibyte);
      expect(serve.log().length - logBefore).toBeLessThan(1024);
      expect((await fetch(`${serve.url}/healthz`)).status).toBe(200);
    },
  );

  test("whatever is signed is answered without an error of ours", async () => {
    const names = fc.oneof(
      fc.constantFrom(...events),
      fc.constantFrom("status", "__proto__", "constructor", "x".repeat(90)),
    );
    const fields = fc.dictionary(
      fc.constantFrom(
        "action",
        "ref",
        "repository",
        "installation",
        "issue",
        "pull_request",
        "check_run",
        "sender",
      ),
      fc.jsonValue(),
    );
    const ids = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 1e300, "1", null));
    const nearly = fc.record({
      action: fc.constantFrom("opened", "closed", "created", "deleted"),
      installation: fc.record({ id: ids }),
      repository: fc.record({
        id: ids,
        name: fc.constantFrom("../x", "a/.*", "$(id)", "\u202e", "gitops"),
        owner: fc.jsonValue(),
      }),
    });
    await fc.assert(
      fc.asyncProperty(names, fc.oneof(fc.jsonValue(), fields, nearly), async (name, payload) => {
        const body = JSON.stringify(payload);
        const { status } = await send(serve.url + path, { headers: signed(body, name), body: body });
        expect([202, 400]).toContain(status);
      }),
      { numRuns: 200 },
    );
    expect(serve.child.exitCode).toBeNull();
    expect((await fetch(`${serve.url}/healthz`)).status).toBe(200);
  });

  test("ends with code 0 when it is asked to", async () => {
    const own = await startServe();
    const ended = once(own.child, "exit");
    own.child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});

describe("the door", () => {
  const open: Server[] = [];
  const received: Delivery[] = [];
  const warnings: string[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) server.close().closeAllConnections();
    received.length = 0;
    warnings.length = 0;
  });

  async function start(
    more: { deadlineMs?: number; ready?: () => boolean; broken?: boolean } = {},
  ): Promise<string> {
    const server = createDoor({
      secret,
      ready: more.ready ?? (() => true),
      ...(more.deadlineMs === undefined ? {} : { deadlineMs: more.deadlineMs }),
      log: { warn: (fields, message) => warnings.push(JSON.stringify(fields) + message) },
      receive: async (delivery) => {
        if (more.broken) throw new TypeError("broken");
        received.push(delivery);
      },
    });
    open.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test("hands on what is signed, and answers at once", async () => {
    const url = await start();
    const body = JSON.stringify({ action: "opened" });
    const { status } = await send(url + path, { headers: signed(body, "pull_request"), body: body });
    expect(status).toBe(202);
    expect(received).toEqual([
      { id: "72d3162e-cc78-11e3-81ab-4c9367dc0958", name: "pull_request", payload: { action: "opened" } },
    ]);
  });

  const good = signed("{}");
  test.each<[string, OutgoingHttpHeaders, string, number]>([
    ["no signature", { ...good, "x-hub-signature-256": undefined }, "{}", 401],
    [
      "an SHA-1 signature only",
      { ...good, "x-hub-signature-256": undefined, "x-hub-signature": "sha1=00" },
      "{}",
      401,
    ],
    ["a truncated signature", { ...good, "x-hub-signature-256": "sha256=abcd" }, "{}", 401],
    ["a signature of something else", good, '{"a":1}', 401],
    ["no event", { ...good, "x-github-event": undefined }, "{}", 400],
    ["no delivery id", { ...good, "x-github-delivery": undefined }, "{}", 400],
    ["an endless event name", { ...good, "x-github-event": "a".repeat(200) }, "{}", 400],
    ["a form", { ...good, "content-type": "application/x-www-form-urlencoded" }, "{}", 415],
    ["no JSON", signed("nonsense"), "nonsense", 400],
    ["no object", signed("null"), "null", 400],
  ])("refuses %s", async (_what, headers, body, status) => {
    const url = await start();
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    expect((await send(url + path, { headers: given, body })).status).toBe(status);
    expect(received).toEqual([]);
    expect(warnings.join("").length).toBeLessThan(1024);
  });

  test("tells a client that asks first not to send a large body", async () => {
    const url = await start();
    const outgoing = request(url + path, {
      method: "POST",
      headers: { ...good, "content-length": 200 * mebibyte, expect: "100-continue" },
    });
    outgoing.flushHeaders();
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    outgoing.destroy();
  });

  test.each([
    ["a body that drips", `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{`],
    ["headers that drip", "POST /api/github/webhooks HTTP/1.1\r\nhost:"],
  ])("does not wait for %s", async (_what, beginning) => {
    const url = new URL(await start({ deadlineMs: 300 }));
    const socket = connect(Number(url.port), "127.0.0.1");
    const lines = Object.entries(good).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    socket.write(beginning.replace("host: x\r\n", `host: x\r\n${lines.join("")}`));
    let text = "";
    for await (const chunk of socket) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(received).toEqual([]);
  });

  test.each(
    [
      "/",
      "/probot",
      "/ping",
      "/metrics",
      "/api/github/webhooks/",
      "/healthz/x",
      "/../etc/passwd",
      `/${"a".repeat(5000)}`,
    ].flatMap((place) => ["GET", "POST", "PUT", "OPTIONS"].map((method) => [method, place] as const)),
  )("answers %s %s with 404 and without telling what it is", async (method, place) => {
    const { status, text, headers } = await send((await start()) + place, { method });
    expect([status, text]).toEqual([404, "not found"]);
    expect(Object.keys(headers).filter((name) => /server|powered|version/.test(name))).toEqual([]);
  });

  test("the webhook path takes nothing but POST", async () => {
    for (const method of ["GET", "PUT", "DELETE", "HEAD"]) {
      expect((await send((await start()) + path, { method })).status).toBe(404);
    }
  });

  test("says whether it lives and whether it works", async () => {
    let ready = true;
    const url = await start({ ready: () => ready });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    ready = false;
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test("an event whose handler breaks is dropped with one line, for the resync finds it again", async () => {
    const url = await start({ broken: true });
    expect((await send(url + path, { headers: signed("{}"), body: "{}" })).status).toBe(202);
    expect(warnings).toHaveLength(1);
  });
});
