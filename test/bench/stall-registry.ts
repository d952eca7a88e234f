/** A registry in a thread of its own, that answers as no registry should. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";

const manyTags = Array.from({ length: 100_000 }, (_, index) => {
  return `${index % 20}.${(index * 7919) % 1000}.${(index * 104_729) % 10_007}`;
});
const json = (tags: readonly string[]): string => JSON.stringify({ tags });

/** What is listed, by the name of the image. */
const bodies: Readonly<Record<string, string>> = {
  "100000-tags": json(manyTags),
  "tag-of-1-mb": json(["1.0.0", "a".repeat(1_000_000)]),
  html: "<!doctype html><title>Sign in</title>",
};

const server = createServer((request, response) => {
  const name = /^\/v2\/acme\/(.+)\/tags\/list/.exec(request.url ?? "")?.[1] ?? "";
  response.setHeader("content-type", name === "html" ? "text/html" : "application/json");
  if (name === "loop") response.setHeader("link", `<${request.url}>; rel="next"`);
  if (name !== "10-gib") {
    response.end(bodies[name] ?? json(["1.0.0"]));
    return;
  }
  const piece = `"${"1".repeat(100)}",`.repeat(640);
  const pour = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.write('{"tags":[');
  response.on("drain", pour).on("error", () => {});
  pour();
});
server.listen(0, "127.0.0.1", () => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin.
  parentPort?.postMessage((server.address() as AddressInfo).port);
});
