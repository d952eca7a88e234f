/** Reads one file of manifests: its documents as raw JSON objects, each with its line. */

import {
  type Document,
  LineCounter,
  type SchemaOptions,
  type YAMLParseError,
  isMap,
  isSeq,
  parseAllDocuments,
} from "yaml";
import { type Result, fail, ok } from "../model/failure.ts";
import type { KubernetesObject } from "../model/resource.ts";
import type { RenderedObject } from "../ports/renderer.ts";
import type { Task } from "../ports/threads.ts";
import { duplicateKeys } from "../text/duplicate-keys.ts";
import { gateYaml, yamlLimits } from "../text/yaml-gate.ts";
import { type Finding, findTemplateSyntax } from "./template-syntax.ts";

/**
 * Kubernetes reads YAML 1.1 (`0644` is octal, `yes` is true) but neither base 60 nor dates:
 * https://github.com/kubernetes-sigs/yaml
 */
const kubernetesTags: SchemaOptions["customTags"] = (tags) =>
  tags.filter(
    (tag) => typeof tag === "string" || (tag.format !== "TIME" && tag.tag !== "tag:yaml.org,2002:timestamp"),
  );

interface ManifestFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** A text of so many bytes is parsed within some milliseconds, whatever it says. */
const smallBytes = 8 * 1024;

export const readFile: Task<ManifestFile, Result<readonly RenderedObject[]>> = {
  module: import.meta.url,
  name: "readFile",
  isSmall: ({ bytes }) => bytes.length <= smallBytes,
  run: ({ file, bytes }) => [readManifests(file, bytes)],
};

/** All objects of a file in order, lists expanded; the first problem as `malformed`, `unsupported` or `too-large`. */
export function readManifests(file: string, bytes: Uint8Array): Result<readonly RenderedObject[]> {
  const text = textOf(file, bytes);
  if (!text.ok) return text;
  const lines = new LineCounter();
  const documents = parse(text.value, lines);
  if (documents === null) return fail("malformed", `${file}: the YAML cannot be read`);
  const objects: RenderedObject[] = [];
  for (const document of documents) {
    const read = readDocument(file, document, lines);
    if (!read.ok) return read;
    objects.push(...read.value);
  }
  return ok(objects);
}

function textOf(file: string, bytes: Uint8Array): Result<string> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail("malformed", `${file}: not UTF-8 text`);
  }
  const refusal = gateYaml(text);
  if (refusal === null) return ok(text);
  const line = text.slice(0, refusal.offset).split("\n").length;
  return fail("too-large", `${file}:${line}: ${refusal.reason}`);
}

function parse(text: string, lineCounter: LineCounter): readonly Document[] | null {
  try {
    const documents = parseAllDocuments(text, {
      version: "1.1",
      customTags: kubernetesTags,
      lineCounter,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    return Array.isArray(documents) ? documents : [];
  } catch {
    return null;
  }
}

function readDocument(
  file: string,
  document: Document,
  lines: LineCounter,
): Result<readonly RenderedObject[]> {
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  const template = findTemplateSyntax(document);
  if (template !== null) return refuse(file, lineOf, template);
  const [error] = document.errors;
  if (error !== undefined) return fail("malformed", `${file}:${lineOf(error.pos[0])}: ${problem(error)}`);
  const [twice] = duplicateKeys(document);
  if (twice !== undefined)
    return fail("malformed", `${file}:${lineOf(twice)}: not valid YAML (duplicate key)`);
  if (document.contents === null) return ok([]);
  const value = toPlain(document);
  const line = lineOf(document.contents.range?.[0] ?? 0);
  if (value === null) return ok([]);
  if (value === undefined) return fail("too-large", `${file}:${line}: its aliases expand to too much`);
  return readValue({ file, line }, value, itemLines(document, lineOf));
}

/** The parser's code in words: its messages quote the text, and the file may be a Secret. */
function problem({ code }: YAMLParseError): string {
  return `not valid YAML (${code.toLowerCase().replaceAll("_", " ")})`;
}

function refuse(file: string, lineOf: (offset: number) => number, { offset, what }: Finding): Result<never> {
  return fail("unsupported", `${file}:${lineOf(offset)}: cannot be applied as it is: ${what}`);
}

function toPlain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: yamlLimits.aliases }) as unknown;
  } catch {
    return undefined;
  }
}

function itemLines(document: Document, lineOf: (offset: number) => number): readonly number[] {
  const items = isMap(document.contents) ? document.contents.get("items", true) : undefined;
  if (!isSeq(items)) return [];
  return items.items.map((item) => (isMap(item) ? lineOf(item.range?.[0] ?? 0) : 1));
}

interface Place {
  readonly file: string;
  readonly line: number;
}

function readValue(
  place: Place,
  value: unknown,
  lines: readonly number[],
): Result<readonly RenderedObject[]> {
  if (isRecord(value) && Array.isArray(value["items"]) && String(value["kind"]).endsWith("List")) {
    const objects: RenderedObject[] = [];
    for (const [index, item] of value["items"].entries()) {
      const read = readObject({ file: place.file, line: lines[index] ?? place.line }, item);
      if (!read.ok) return read;
      objects.push(read.value);
    }
    return ok(objects);
  }
  const read = readObject(place, value);
  return read.ok ? ok([read.value]) : read;
}

function readObject(place: Place, value: unknown): Result<RenderedObject> {
  const where = `${place.file}:${place.line}`;
  if (!isRecord(value)) return fail("malformed", `${where}: not a Kubernetes object`);
  for (const key of ["apiVersion", "kind"]) {
    if (typeof value[key] !== "string" || value[key] === "")
      return fail("malformed", `${where}: has no ${key}`);
  }
  const metadata = value["metadata"];
  if (isRecord(metadata) && metadata["generateName"] !== undefined && metadata["name"] === undefined) {
    return fail("unsupported", `${where}: generateName cannot be applied again; give the object a name`);
  }
  if (!isRecord(metadata) || typeof metadata["name"] !== "string" || metadata["name"] === "") {
    return fail("malformed", `${where}: has no metadata.name`);
  }
  if (metadata["namespace"] !== undefined && typeof metadata["namespace"] !== "string") {
    return fail("malformed", `${where}: metadata.namespace is not text`);
  }
  return ok({ object: value as unknown as KubernetesObject, ...place });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
