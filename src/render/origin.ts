/** Where an object that a tool made comes from, as far as the tool and the files tell. */

import { posix } from "node:path";
import { documentTexts } from "../manifests/blank-documents.ts";
import type { KubernetesObject } from "../model/resource.ts";

export interface Origin {
  readonly file: string;
  readonly line: number;
}

/** The files that a rendering was given. */
export type Sources = ReadonlyMap<string, Uint8Array>;

/** From a document of the output. */
export type OriginOf = (document: string) => Origin;

const originKey = "config.kubernetes.io/origin";

/** Of kustomize with `buildMetadata: [originAnnotations]`; paths are from the folder of the kustomization. */
export function kustomizeOrigin(folder: string, kustomization: string): OriginOf {
  return (document) => {
    const told = /^ {4}config\.kubernetes\.io\/origin: \|\n((?: {6}.*(?:\n|$))+)/m.exec(document)?.[1] ?? "";
    const path = /^ {6}(?:path|configuredIn): (.+)$/m.exec(told)?.[1];
    if (path === undefined || /^ {6}repo:/m.test(told)) return { file: kustomization, line: 1 };
    return { file: posix.join(folder, path.trim()), line: 1 };
  };
}

export function withoutOrigin(object: KubernetesObject): KubernetesObject {
  const { annotations, ...metadata } = object.metadata;
  if (annotations?.[originKey] === undefined) return object;
  const { [originKey]: _, ...others } = annotations;
  const left = Object.keys(others).length > 0 ? { annotations: others } : {};
  return { ...object, metadata: { ...metadata, ...left } };
}

/** Of Helm, which names the template before each document, from the name of the chart on. */
export function helmOrigin(folder: string, chart: string): OriginOf {
  return (document) => {
    const named = /^# Source: [^/\n]+\/(.+)$/m.exec(document)?.[1];
    return { file: named === undefined ? chart : posix.join(folder, named.trim()), line: 1 };
  };
}

/** With the line at which the object, by its kind and name, begins in the file; prefixes and suffixes may have been added. */
export function withLine(origin: Origin, { kind, metadata }: KubernetesObject, sources: Sources): Origin {
  const bytes = sources.get(origin.file);
  if (bytes === undefined || !/\.ya?ml$/.test(origin.file)) return origin;
  const parts = documentTexts(new TextDecoder().decode(bytes));
  let [best, line] = [0, 1];
  let found = 1;
  for (const part of parts) {
    const name = /^ {1,8}name: *["']?([^\s"'#]+)/m.exec(part)?.[1] ?? "";
    const isKind = new RegExp(`^kind: *["']?${kind.replaceAll(/\W/g, ".")}["']?\\s*(?:#.*)?$`, "m").test(
      part,
    );
    if (isKind && metadata.name.includes(name) && name.length > best) {
      best = name.length;
      found = line + leading(part);
    }
    line += part.split("\n").length - 1;
  }
  return { file: origin.file, line: found };
}

/** Lines before the first that says something. */
function leading(part: string): number {
  const lines = part.split("\n");
  const first = lines.findIndex((text) => /^(?!---(?:\s|$)|#)\s*[^\s#]/.test(text));
  return Math.max(0, first);
}
