/** A registry that does everything to hurt its client: every repository is another attack. */

import { type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

const mebibyte = 1024 * 1024;
const tagCount = 1_000_000;

type Attack = (response: ServerResponse, url: URL) => void;

const json = { "content-type": "application/json" };
const send =
  (body: () => string | Buffer, headers: Record<string, string> = json): Attack =>
  (response) => {
    response.writeHead(200, headers).end(body());
  };

/** Writes a piece again and again, as fast as it is read, up to so many bytes. */
function pour(response: ServerResponse, piece: Buffer, bytes: number): void {
  let left = bytes;
  const go = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= piece.length;
      if (!response.write(piece)) return void response.once("drain", go);
    }
    response.end();
  };
  go();
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `1.0.${from + index}`);

/** What each repository does when its tags are listed, with what the failure's message says. */
export const attacks: Readonly<Record<string, { readonly attack: Attack; readonly says: RegExp }>> = {
  "ten-gibibytes": {
    attack: (response) => {
      response.writeHead(200, json).write('{"tags":["');
      pour(response, Buffer.alloc(mebibyte, "x"), 10 * 1024 * mebibyte);
    },
    says: /more than 8388608 bytes/,
  },
  "gzip-bomb": {
    attack: send(() => gzipSync(Buffer.alloc(128 * mebibyte)), { ...json, "content-encoding": "gzip" }),
    says: /more than 8388608 bytes/,
  },
  "gzip-in-gzip": {
    attack: send(() => gzipSync(gzipSync(Buffer.alloc(128 * mebibyte))), {
      ...json,
      "content-encoding": "gzip, gzip",
    }),
    says: /cannot be decoded/,
  },
  "self-linking": {
    attack: (response, url) => {
      response
        .writeHead(200, { ...json, link: `<${url.pathname}${url.search}>; rel="next"` })
        .end('{"tags":["1.0.0"]}');
    },
    says: /in a circle/,
  },
  "ever-new-links": {
    attack: (response, url) => {
      const next = Number(url.searchParams.get("page") ?? 0) + 1;
      response
        .writeHead(200, { ...json, link: `<${url.pathname}?n=1000&page=${next}>; rel="next"` })
        .end('{"tags":["1.0.0"]}');
    },
    says: /on and on without a new tag/,
  },
  "million-tags-in-pages": {
    attack: (response, url) => {
      const last = Number(url.searchParams.get("last") ?? 0);
      const tags = numbered(last, Math.min(last + 1000, tagCount));
      response
        .writeHead(200, { ...json, link: `<${url.pathname}?n=1000&last=${last + 1000}>; rel="next"` })
        .end(JSON.stringify({ tags }));
    },
    says: /more than 200000 tags/,
  },
  "million-tags-in-one": {
    attack: send(() => JSON.stringify({ tags: numbered(0, tagCount) })),
    says: /more than 8388608 bytes/,
  },
  "many-tags-in-one": {
    attack: send(() => JSON.stringify({ tags: numbered(0, 400_000) })),
    says: /more than 200000 tags/,
  },
  "million-objects": {
    attack: send(() => `{"tags":[${"{},".repeat(2_700_000)}{}]}`),
    says: /too many items/,
  },
  "deep-nesting": { attack: send(() => "[".repeat(8 * mebibyte - 1)), says: /too many items/ },
  "less-deep-nesting": { attack: send(() => "[".repeat(400_000)), says: /no tag list/ },
  "deep-objects": { attack: send(() => '{"a":'.repeat(1_600_000)), says: /too many items/ },
  "html-with-200": {
    attack: send(() => `<html>${"<p>Sign in</p>".repeat(100_000)}</html>`, { "content-type": "text/html" }),
    says: /no tag list/,
  },
  "endless-header": {
    attack: (response) => void response.socket?.write(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(mebibyte)}`),
    says: /cannot be reached|did not answer/,
  },
};

const index = { "content-type": "application/vnd.oci.image.index.v1+json" };
const place = '{"digest":"x","platform":{"os":"linux","architecture":"amd64"}}';

/** What each repository does when an image of it is read. */
export const imageAttacks: typeof attacks = {
  "ten-gibibytes": {
    attack: (response) => {
      response.writeHead(200, index).write('{"manifests":[');
      pour(response, Buffer.alloc(mebibyte, " "), 10 * 1024 * mebibyte);
    },
    says: /more than 4194304 bytes/,
  },
  "gzip-bomb": {
    attack: send(() => gzipSync(Buffer.alloc(128 * mebibyte)), { ...index, "content-encoding": "gzip" }),
    says: /more than 4194304 bytes/,
  },
  "many-images": {
    attack: send(() => `{"manifests":[${`${place},`.repeat(5000)}${place}]}`, index),
    says: /too many images/,
  },
  "million-images": {
    attack: send(() => `{"manifests":[${"{},".repeat(1_000_000)}{}]}`, index),
    says: /far too much/,
  },
  "million-annotations": {
    attack: send(() => `{"manifests":[],"annotations":{${'"a":"",'.repeat(500_000)}"b":""}}`, index),
    says: /far too much/,
  },
  "deep-nesting": { attack: send(() => "[".repeat(4 * mebibyte - 1), index), says: /far too much/ },
  "html-with-200": {
    attack: send(() => `<html>${"<p>Sign in</p>".repeat(100_000)}</html>`, { "content-type": "text/html" }),
    says: /no JSON/,
  },
  "endless-header": attacks["endless-header"]!,
};

/** Listens on a free port of the loopback address; `good/web` has one honest tag beside one of 1 MB. */
export async function startHostileRegistry(): Promise<{ host: string; stop: () => Promise<void> }> {
  const good = send(() => JSON.stringify({ tags: ["1.0.0", "x".repeat(mebibyte)] }));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://hostile");
    const [, name = "", what] = /^\/v2\/hostile\/([^/]+)\/(tags|manifests)\//.exec(url.pathname) ?? [];
    if (what !== undefined) (what === "tags" ? attacks : imageAttacks)[name]?.attack(response, url);
    else if (url.pathname === "/v2/good/web/tags/list") good(response, url);
    else response.writeHead(200, json).end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const stop = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}
