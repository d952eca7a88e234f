/** Lets whoever runs the sandbox set faults from outside the process: `POST`, `GET` and `DELETE` on one address. */

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { z } from "zod";
import { ApiError } from "./api-error.ts";
import { readBody } from "./exchange.ts";
import { faultKinds } from "./fault.ts";
import type { FaultControl } from "./faults.ts";

const faultAddress = "/_sandbox/faults";

const schema = z.strictObject({
  kind: z.enum(faultKinds),
  method: z.string().optional(),
  match: z.string().max(200).optional(),
  times: z.int().min(1).optional(),
  every: z.int().min(1).optional(),
  after: z.boolean().optional(),
  seconds: z.int().min(0).optional(),
  milliseconds: z.int().min(0).max(600_000).optional(),
});

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
  if (request.method === "POST") control.add(await readFault(request));
  else if (request.method === "DELETE") control.clear();
  else if (request.method !== "GET") throw new ApiError(405, "POST a fault, GET the list, DELETE all.");
  send(response, request.method === "POST" ? 201 : 200, control.list());
}

async function readFault(request: IncomingMessage): Promise<z.infer<typeof schema>> {
  const parsed = schema.safeParse(await readBody(request));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "fault"}: ${issue.message}`);
  throw new ApiError(422, problems.join("; "));
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
