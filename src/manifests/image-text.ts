/** Texts that are images by themselves, wherever they stand. */

import { parseImageReference } from "../model/image.ts";

/** What may stand in front of a reference. */
const scheme = /^(?:oci|docker):\/\//;

/** Whether a text is a reference with a tag or a digest. */
export function isVersioned(text: string): boolean {
  if (text.length > 1024) return false;
  const parsed = parseImageReference(text.replace(scheme, ""));
  return parsed.ok && (parsed.value.tag ?? parsed.value.digest) !== undefined;
}

/** Whether a name begins with the host of a registry. */
export function isHosted(text: string): boolean {
  return /^[^/]*\.[^/]*[a-z][^/]*\/|^[^/]*:\d+\/|^localhost\//.test(text.slice(0, 300).replace(scheme, ""));
}

/** Whether a value can be nothing but an image: its key says so, or it has a registry, and no port for a tag. */
export function isImageText(text: string, key: string): boolean {
  return looksLikeImage(text, key) && (saysImage(key, text) || !/:\d{2,5}$/.test(text));
}

/** Whether a value may be an image. What is cheap to see is asked first: every scalar of a repository comes by here. */
export function looksLikeImage(text: string, key: string): boolean {
  return /[:@]/.test(text) && (saysImage(key, text) || isHosted(text)) && isVersioned(text);
}

/** Whether a key says that its value is an image; a registry's port is no tag. */
export function saysImage(key: string, text: string): boolean {
  return /image/i.test(key) && (text.includes("/") || !/registr|host|server|url/i.test(key));
}

/** Whether a word of a text is a reference with its registry: in a command, a list, a sentence. */
export function namesImage(text: string): boolean {
  if (!/\/[\w./-]{1,120}[:@]\w/.test(text)) return false;
  return text.split(/[\s"'`=,;|()<>[\]{}]+/).some((word) => isImageText(word, ""));
}
