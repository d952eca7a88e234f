/** Which files a kustomization is made of. */

import { posix } from "node:path";
import { type Cursor, childOf, itemsOf, textOf, topOf } from "./cursor.ts";
import { decodeText, parseSource } from "./source-file.ts";

type Files = ReadonlyMap<string, Uint8Array>;

/** https://github.com/kubernetes-sigs/kustomize/blob/master/api/konfig/general.go */
const names = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;

export function isKustomizationFile(file: string): boolean {
  return names.some((name) => name === posix.basename(file));
}

/** Fields whose items are files or folders that are built into the result. */
const parts = ["resources", "bases", "components"] as const;

/**
 * The files that the kustomization of a folder takes in, those of the folders that it names included, each once. Remote
 * bases and what is not in the repository are left out.
 */
export function kustomizedFiles(folder: string, files: Files): readonly string[] {
  const found = new Set<string>();
  const folders = new Set([posix.normalize(folder)]);
  for (const at of folders) {
    for (const entry of entriesOf(at, files)) {
      const path = posix.normalize(posix.join(at, entry));
      if (files.has(path)) found.add(path);
      else if (!path.startsWith("..")) folders.add(path.replace(/\/$/, ""));
    }
  }
  return [...found];
}

function entriesOf(folder: string, files: Files): readonly string[] {
  const name = names.find((one) => files.has(posix.join(folder, one)));
  const bytes = name === undefined ? undefined : files.get(posix.join(folder, name));
  const text = bytes === undefined ? null : decodeText(bytes);
  const source = text === null ? null : parseSource(text);
  if (source?.ok !== true) return [];
  return source.value.documents.flatMap((document) => listed(topOf(document)));
}

function listed(top: Cursor | null): readonly string[] {
  return parts
    .flatMap((part) => (top === null ? [] : (childOf(top, part) ?? [])))
    .flatMap((list) => itemsOf(list))
    .flatMap((item) => textOf(item) ?? []);
}
