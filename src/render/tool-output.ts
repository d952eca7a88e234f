/** Reads what a tool has written: objects, and for each the file of the app that it came from. */

import { documentTexts } from "../manifests/blank-documents.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import type { KubernetesObject } from "../model/resource.ts";
import type { RenderedObject } from "../ports/renderer.ts";
import type { Task, Threads } from "../ports/threads.ts";
import { readManifests } from "./documents.ts";
import { isTest } from "./hook.ts";
import { type Origin, type OriginOf, type Sources, withLine } from "./origin.ts";

/** Objects of one app. */
export const maximumObjects = 10_000;

export interface ToolOutput {
  readonly text: string;
  readonly sources: Sources;
  /** How the tool says where a document comes from, and what is taken out of the object again. */
  readonly originOf: OriginOf;
  readonly strip: (object: KubernetesObject) => KubernetesObject;
}

export const readOutput: Task<readonly string[], Result<readonly RenderedObject[]>> = {
  module: import.meta.url,
  name: "readOutput",
  *run(documents) {
    for (const text of documents) yield readManifests("", Buffer.from(text));
  },
};

/** All objects in order; hooks for tests are left out, as nobody would apply them. */
export async function objectsOf(
  threads: Threads,
  path: string,
  { text, sources, originOf, strip }: ToolOutput,
): Promise<Result<readonly RenderedObject[]>> {
  const documents = documentTexts(text).filter((document) => /^(?!---\s|#)\s*\S/m.test(document));
  if (documents.length > maximumObjects)
    return fail("too-large", `${path}: the app has more than ${maximumObjects} objects`);
  const objects: RenderedObject[] = [];
  let problem: Result<never> | null = null;
  let done = 0;
  const take = (read: Result<readonly RenderedObject[]>): void => {
    const document = documents[done] ?? "";
    done += 1;
    if (problem !== null) return;
    const origin = originOf(document);
    if (!read.ok) {
      problem = fail(read.failure.code, placeOf(read.failure.message, document, origin, sources));
      return;
    }
    for (const { object } of read.value) {
      if (!isTest(object)) objects.push({ object: strip(object), ...withLine(origin, object, sources) });
    }
  };
  const ended = await threads.each(readOutput, documents, take);
  if (!ended.ok)
    return fail(ended.failure.code, `${path}: reading what it renders to ${ended.failure.message}`);
  if (problem !== null) return problem;
  if (objects.length > maximumObjects)
    return fail("too-large", `${path}: the app has more than ${maximumObjects} objects`);
  return ok(objects);
}

/** What is wrong in the output is looked for in the files: they are what people can change. */
function placeOf(message: string, document: string, origin: Origin, sources: Sources): string {
  const [, line, what = message] = /^(?::(\d+))?: ([\s\S]*)$/.exec(message) ?? [];
  const text = line === undefined ? "" : (document.split("\n")[Number(line) - 1] ?? "");
  const odd = /\$\{[^}]*\}|\{\{[^}]*\}?\}?/.exec(text)?.[0];
  for (const [file, bytes] of odd === undefined ? [] : sources) {
    const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(odd ?? "");
    if (at < 0) continue;
    const before = Buffer.from(bytes.buffer, bytes.byteOffset, at).toString("latin1");
    return `${file}:${before.split("\n").length}: ${what}`;
  }
  return `${origin.file}:${origin.line}: ${what}`;
}
