/** Raw JSON to and from one API server: authentication, deadline, size limit and the translation of refusals. */

import { Agent, type Dispatcher, request } from "undici";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Identity } from "../ports/cluster.ts";
import type { Credentials } from "./credentials.ts";
import { createGate } from "./gate.ts";
import { statusFailure } from "./status-failure.ts";

/** One request. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** JSON unless told. */
  readonly accept?: string;
  readonly as?: Identity;
  /** The verb that it counts as, and what it is about, for messages: `apply`, `Deployment.apps web/frontend`. */
  readonly verb: string;
  readonly about: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface ApiClient {
  /** Every answer but 2xx is a failure; `malformed` when it is not JSON, `too-large` over 32 MiB. */
  send(call: Call): Promise<Result<Answer>>;
  /** The open body of a watch; ends by error when nothing came for `silenceMs`. */
  open(call: Call, signal: AbortSignal, silenceMs: number): Promise<Result<AsyncIterable<Uint8Array>>>;
  readonly requests: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const maximumAnswerBytes = 32 * 1024 * 1024;
/** The API server gains nothing from more at a time; measured on 2 cores. */
const writesInFlight = 8;
const userAgent = "lockkeeper";

/** A client with its own pool of kept-alive connections. */
export function createApiClient(credentials: Credentials, deadlineMs: number): ApiClient {
  const dispatcher = new Agent({
    connect: { ...credentials.tls, timeout: Math.min(deadlineMs, 10_000) },
    // Every watch holds a connection of its own, so their number is not limited here.
    pipelining: 1,
    keepAliveTimeout: 30_000,
  });
  const requests = new Map<string, number>();
  const writes = createGate(writesInFlight);
  const client = { credentials, dispatcher, requests };
  return {
    requests,
    send: (call) =>
      call.method === "GET"
        ? exchange(client, call, deadlineMs)
        : writes.run(() => exchange(client, call, deadlineMs)),
    open: (call, signal, silenceMs) => openStream(client, call, { signal, silenceMs, deadlineMs }),
    close: () => dispatcher.destroy(),
  };
}

interface Client {
  readonly credentials: Credentials;
  readonly dispatcher: Dispatcher;
  readonly requests: Map<string, number>;
}

async function exchange(client: Client, call: Call, deadlineMs: number): Promise<Result<Answer>> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const response = await dispatch(client, call, { signal, bodyTimeout: deadlineMs });
    const text = await readLimited(response.body);
    if (text === null) {
      return fail("too-large", `${what(call)}: the answer is over ${maximumAnswerBytes >> 20} MiB`);
    }
    return judged(call, response, text);
  } catch (error) {
    return broken(call, signal.aborted, error);
  }
}

interface StreamOptions {
  readonly signal: AbortSignal;
  readonly silenceMs: number;
  readonly deadlineMs: number;
}

async function openStream(
  client: Client,
  call: Call,
  { signal, silenceMs, deadlineMs }: StreamOptions,
): Promise<Result<AsyncIterable<Uint8Array>>> {
  try {
    const response = await dispatch(client, call, {
      signal,
      headersTimeout: deadlineMs,
      bodyTimeout: silenceMs,
    });
    if (response.statusCode === 200) return ok(response.body);
    const judgement = judged(call, response, (await readLimited(response.body)) ?? "");
    return judgement.ok ? fail("malformed", `${what(call)}: not a stream`) : judgement;
  } catch (error) {
    return broken(call, false, error);
  }
}

type Timing = Pick<Dispatcher.RequestOptions, "headersTimeout" | "bodyTimeout"> & {
  readonly signal: AbortSignal;
};

async function dispatch(client: Client, call: Call, timing: Timing): Promise<Dispatcher.ResponseData> {
  client.requests.set(call.verb, (client.requests.get(call.verb) ?? 0) + 1);
  const query = new URLSearchParams(call.query).toString();
  // A string body makes undici send Content-Length: without it an API server ignores the preconditions of a DELETE.
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return request(`${client.credentials.server}${call.path}${query && `?${query}`}`, {
    method: call.method,
    dispatcher: client.dispatcher,
    headers: headersOf(call, await client.credentials.authorization()),
    body,
    ...timing,
  });
}

function headersOf(call: Call, authorization: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {
    accept: call.accept ?? "application/json",
    "user-agent": userAgent,
  };
  if (authorization !== undefined) headers.authorization = authorization;
  if (call.body !== undefined) headers["content-type"] = call.contentType ?? "application/json";
  if (call.as !== undefined && call.as !== "self") {
    headers["impersonate-user"] = `system:serviceaccount:${call.as.serviceAccount.replace("/", ":")}`;
  }
  return headers;
}

async function readLimited(body: AsyncIterable<Uint8Array>): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Leaving the loop destroys the stream.
    if (size > maximumAnswerBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function judged(call: Call, response: Dispatcher.ResponseData, text: string): Result<Answer> {
  const status = response.statusCode;
  const body = parsed(text);
  if (status >= 200 && status < 300) {
    return body === undefined
      ? fail("malformed", `${what(call)}: the answer is not JSON`)
      : ok({ status, body });
  }
  const retryAfter = Number(response.headers["retry-after"]);
  const failure = statusFailure({
    status,
    body,
    what: what(call),
    secret: call.about.startsWith("Secret "),
    retryAfter: response.headers["retry-after"] && retryAfter >= 0 ? retryAfter : undefined,
  });
  return { ok: false, failure };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function broken(call: Call, late: boolean, error: unknown): Result<never> {
  const given = (error as { code?: unknown } | undefined)?.code;
  // An aborted request carries a number here.
  const code = typeof given === "string" ? given : "";
  if (late || code.endsWith("_TIMEOUT")) {
    return fail("timeout", `${what(call)}: no answer in time`, { cause: error });
  }
  return fail("unavailable", `${what(call)}: the API server could not be reached${code && ` (${code})`}`, {
    cause: error,
  });
}

function what(call: Call): string {
  return `${call.verb} ${call.about}`;
}
