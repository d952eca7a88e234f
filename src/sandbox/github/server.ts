/** The API's HTTP server: credential, route, permission, handler, answer. */

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { advance } from "./advance.ts";
import { authorize, visibleRepository } from "./authorization.ts";
import { accountOf, type Actor } from "./actor.ts";
import { ApiError, notFound } from "./api-error.ts";
import { authenticate } from "./authentication.ts";
import { finish, readBody, write, type RateLimit } from "./exchange.ts";
import type { Hub } from "./hub.ts";
import type { Answer } from "./answer.ts";
import { namedPath, redirectToMoved } from "./moved.ts";
import { createRouter, type Context, type Route } from "./router.ts";

/** Requests an hour, as for an installation on a small account. */
const hourlyLimit = 5000;
const requestLogLength = 10_000;

/** Listens to the requests of a server. */
export function apiListener(hub: Hub, routes: readonly Route[]): RequestListener {
  const find = createRouter(routes);
  const rates = new Map<string, RateLimit>();

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? "GET";
    const url = new URL(request.url ?? "/", hub.store.apiUrl);
    const credential = request.headers.authorization ?? "";
    const rate = rateOf(rates, credential, hub.store.now());
    const found = matching(find, method, namedPath(hub.store, url.pathname));
    const route = found?.route.path ?? url.pathname;
    let actor: Actor = { kind: "anonymous" };
    let requestBody = "";
    const run = async (): Promise<Answer> => {
      try {
        actor = authenticate(hub.store, request.headers.authorization);
        if (!request.headers["user-agent"])
          throw new ApiError(403, "Request forbidden by administrative rules");
        if (rate.used >= rate.limit) throw rateExceeded(actor, rate);
        const body = await readBody(request);
        requestBody = Object.keys(body).length > 0 ? JSON.stringify(body["_array"] ?? body) : "";
        if (!found) throw notFound();
        return await handle(hub, { ...found, actor, url, body, accept: request.headers.accept ?? "" });
      } catch (error) {
        return answerError(error);
      }
    };
    const answer = hub.faults.request
      ? await hub.faults.request({ method, route, path: url.pathname }, run)
      : await run();
    const sent = finish(answer, { method, credential, ifNoneMatch: request.headers["if-none-match"] }, rate);
    log(hub, { method, route, status: sent.status, actor: accountOf(actor)?.login ?? actor.kind });
    const { transport } = answer;
    const exchange = { method, path: request.url ?? "/", requestBody, ...sent, transport };
    for (const observe of hub.observers) observe(exchange);
    write(response, sent, transport);
  };
  return (request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  };
}

function matching(
  find: ReturnType<typeof createRouter>,
  method: string,
  path: string,
): ReturnType<ReturnType<typeof createRouter>> {
  try {
    return find(method === "HEAD" ? "GET" : method, path);
  } catch {
    return undefined; // a broken percent escape names nothing
  }
}

type Call = Omit<Context, "hub" | "repository" | "query"> & { readonly route: Route };

/** The only change that an archived repository takes: `PATCH /repos/{owner}/{repo}` with `archived: false`. */
function isUnarchiving({ route, body }: Call): boolean {
  const only = Object.keys(body).every((key) => key === "archived");
  return (
    route.method === "PATCH" && route.path === "/repos/{owner}/{repo}" && only && body["archived"] === false
  );
}

async function handle(hub: Hub, call: Call): Promise<Answer> {
  const { route, actor, params, url } = call;
  const moved = redirectToMoved(hub.store, { ...call, method: route.method });
  if (moved) return moved;
  const repository = visibleRepository(hub.store, actor, params);
  authorize(hub.store, actor, route, repository);
  if (repository?.archived && route.method !== "GET" && !isUnarchiving(call)) {
    throw new ApiError(403, "Repository was archived so is read-only.");
  }
  const context: Context = {
    hub,
    actor,
    params,
    url,
    body: call.body,
    accept: call.accept,
    query: url.searchParams,
    get repository() {
      if (!repository) throw new Error(`${route.path} has no repository`);
      return repository;
    },
  };
  const answer = await route.handle(context);
  if (route.method !== "GET") {
    for (const changed of repository ? [repository] : hub.store.repositories) advance(hub, changed);
  }
  return answer;
}

function answerError(error: unknown): Answer {
  if (error instanceof ApiError) return { status: error.status, body: error.body(), headers: error.headers };
  // A bug of the sandbox: the stack goes to the log of the process that runs it, the client sees a 500.
  process.stderr.write(`sandbox github: ${error instanceof Error ? error.stack : String(error)}\n`);
  return { status: 500, body: { message: "Server Error" } };
}

function rateOf(rates: Map<string, RateLimit>, credential: string, now: Date): RateLimit {
  const seconds = Math.floor(now.getTime() / 1000);
  const known = rates.get(credential);
  if (known && known.resetAt > seconds) return known;
  const rate = { limit: hourlyLimit, used: 0, resetAt: seconds + 3600 };
  rates.set(credential, rate);
  return rate;
}

function rateExceeded(actor: Actor, rate: RateLimit): ApiError {
  const who = accountOf(actor)?.id ?? "anonymous";
  return new ApiError(403, `API rate limit exceeded for installation ID ${who}.`, {
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(rate.resetAt) },
  });
}

function log(hub: Hub, record: Hub["requests"][number]): void {
  hub.requests.push(record);
  if (hub.requests.length > requestLogLength) hub.requests.shift();
}
