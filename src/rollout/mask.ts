/** Decides which values may be shown. Runs before any text is built, so that nothing behind it has to be careful. */

import type { ResourceId } from "../model/resource.ts";
import { canonicalJson } from "./canonical-json.ts";
import { isRecord } from "./json-path.ts";

/** Stands for a value that is not shown; says nothing of its length or content. */
export const hidden = "(hidden)";

/** Names that usually hold a secret, wherever they stand. */
const secretName = /pass(?:word|wd|phrase)?|secret|token|credential|api_?-?key|private_?-?key|cookie/i;
/** Names of Secrets and accounts are references, not values. */
const reference = /secret(?:name|ref|keyref)|imagepullsecrets|serviceaccounttoken|automount/gi;
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const userInfo = /(\/\/)[^/@\s]+@/g;
const maximumLength = 120;

/** A value of a field of an object as text for people; null for a value that is not there. */
export function shownValue(id: ResourceId, path: string, value: unknown): string | null {
  if (value === undefined) return null;
  if (isSecretData(id, path) || path.includes(lastApplied) || namesSecret(path)) return hidden;
  const text = typeof value === "string" ? value : canonicalJson(withoutSecrets(value, id.kind === "Secret"));
  const plain = text.replaceAll(userInfo, `$1${hidden}@`);
  return plain.length > maximumLength ? `${plain.slice(0, maximumLength - 1)}…` : plain;
}

function isSecretData(id: ResourceId, path: string): boolean {
  return id.kind === "Secret" && !path.startsWith("metadata.labels") && path !== "type" && path !== ".";
}

/** Looks at the last name of a path only, or at the item's name where the path ends in `[name=X].value`. */
function namesSecret(path: string): boolean {
  const item = /\[name=([^\]]*)\]\.value$/.exec(path)?.[1];
  const last = item ?? path.split(/\.(?![^["]*["\]])|\["/).at(-1) ?? path;
  return secretName.test(last.replaceAll(reference, ""));
}

/** Within a value that is compared whole: members by name, and list items that have a telling name (`env`). */
function withoutSecrets(value: unknown, all: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, all));
  if (!isRecord(value)) return all ? hidden : value;
  const telling = typeof value["name"] === "string" && namesSecret(value["name"]);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const hide = key === lastApplied || namesSecret(key) || (telling && key === "value");
      return [key, hide ? hidden : withoutSecrets(member, all)];
    }),
  );
}
