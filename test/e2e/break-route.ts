/**
 * Loaded before the command line by `node --import`: the servers of that process no longer find requests whose
 * `METHOD path` matches the pattern in `BROKEN_ROUTE`. So a flow breaks although nothing in the product knows of it.
 */

import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

const broken = new RegExp(process.env["BROKEN_ROUTE"] ?? "(?!)");

subscribe("http.server.request.start", (message) => {
  const { request } = message as { request: IncomingMessage };
  if (broken.test(`${request.method} ${request.url}`)) request.url = "/broken-on-purpose";
});
