/** Unpacks the tar.gz of a commit into memory, within limits. */

import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { Refusal } from "./translate.ts";

/** Of all that is unpacked, kept or not. */
const maximumUnpackedBytes = 256 * 1024 * 1024;
/** What everything else is decided by, told by its name. */
function isManifestName(path: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(path);
}

/** What says who has to approve: https://docs.github.com/articles/about-code-owners#codeowners-file-size */
function isCodeowners(path: string): boolean {
  return /(?:^|\/)CODEOWNERS$/.test(path);
}

/** What may not go missing: an archive leaves out what the repository's own .gitattributes say. */
export function isDecisive(path: string): boolean {
  return isManifestName(path) || isCodeowners(path);
}

/** A larger file is passed over; among manifests the installations of operators are large. */
export function maximumFileBytes(path: string): number {
  if (isManifestName(path)) return 4 * 1024 * 1024;
  return (isCodeowners(path) ? 3 : 1) * 1024 * 1024;
}

const maximumEntries = 100_000;

/** The regular files of an archive, without the top folder that GitHub puts around them; larger ones are left out. */
export async function unpack(body: ReadableStream<Uint8Array>): Promise<Map<string, Uint8Array>> {
  const tar = extract();
  const filling = pipeline(Readable.fromWeb(body as never), createGunzip(), meter(), tar);
  const files = readEntries(tar);
  try {
    const [kept] = await Promise.all([files, filling]);
    return kept;
  } catch (error) {
    tar.destroy();
    await Promise.allSettled([files, filling]);
    throw asRefusal(error);
  }
}

async function readEntries(tar: ReturnType<typeof extract>): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let entries = 0;
  for await (const entry of tar) {
    entries += 1;
    if (entries > maximumEntries) throw new Refusal("too-large", `more than ${maximumEntries} files`);
    const { name, type, size } = entry.header;
    if (type !== "file" || size > maximumFileBytes(name)) {
      entry.resume();
      continue;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk as Uint8Array);
    files.set(name.slice(name.indexOf("/") + 1), inSharedMemory(chunks));
  }
  return files;
}

/** Threads that read the files of a commit are not to get a copy of each. */
function inSharedMemory(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(chunks.reduce((sum, chunk) => sum + chunk.length, 0)));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Ends the stream once more came through than any repository of manifests holds. */
function meter(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.byteLength;
      const error =
        bytes > maximumUnpackedBytes ? new Refusal("too-large", "the unpacked commit is over 256 MiB") : null;
      done(error, chunk);
    },
  });
}

function asRefusal(error: unknown): Error {
  if (error instanceof Refusal) return error;
  if (error instanceof Error && /^(?:Timeout|Abort)Error$/.test(error.name)) {
    return new Refusal("timeout", "the archive did not come within the deadline");
  }
  return new Refusal("malformed", "the archive is broken or was cut off");
}
