/** Lets whoever runs the sandbox set faults from outside the process: `POST`, `GET` and `DELETE` on one address. */

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { ApiError } from "./api-error.ts";
import { readBody } from "./exchange.ts";
import type { Fault } from "./fault.ts";
import type { FaultControl } from "./faults.ts";
import { readFault } from "./read-fault.ts";

const faultAddress = "/_sandbox/faults";

/** Answers that address itself and leaves every other to `next`. */
export function withFaultEndpoint(control: FaultControl, next: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url !== faultAddress) return next(request, response);
    answer(control, request, response).catch((error: unknown) => {
      const status = error instanceof ApiError ? error.status : 500;
      send(response, status, { message: error instanceof Error ? error.message : String(error) });
    });
  };
}

async function answer(
  control: FaultControl,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A web page that somebody looks at while the sandbox runs must not reach it.
  if (request.headers.origin !== undefined) throw new ApiError(403, "Not for web pages.");
  if (request.method === "POST") control.add(await asked(request));
  else if (request.method === "DELETE") control.clear();
  else if (request.method !== "GET") throw new ApiError(405, "POST a fault, GET the list, DELETE all.");
  send(response, request.method === "POST" ? 201 : 200, control.list());
}

async function asked(request: IncomingMessage): Promise<Fault> {
  const fault = readFault(await readBody(request));
  if (fault.ok) return fault.value;
  throw new ApiError(422, fault.failure.message);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
