/** A value of an image as it is written behind the repository's name. */

import { isDigest, isTag } from "../model/image.ts";
import type { ImageValue } from "../model/update.ts";

/** `1.2.3`, `1.2.3@sha256:…` or `sha256:…`; empty where there is neither tag nor digest. */
export function valueText({ tag, digest }: ImageValue): string {
  return [tag, digest].filter((part) => part !== null).join("@");
}

/** The begin of a digest, by which people tell it from others. */
export function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}

/** Reads what `valueText` writes; null for anything else. */
export function readValue(text: string): ImageValue | null {
  if (isDigest(text)) return { tag: null, digest: text };
  const at = text.indexOf("@");
  const tag = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? null : text.slice(at + 1);
  return isTag(tag) && (digest === null || isDigest(digest)) ? { tag, digest } : null;
}
