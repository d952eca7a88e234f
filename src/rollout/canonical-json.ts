/** One text for one JSON value, and keyed hashes of it. */

import { createHmac } from "node:crypto";
import { isRecord } from "./json-path.ts";

/** JSON with the keys of every mapping sorted; `undefined` members are left out, as JSON does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    isRecord(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/**
 * HMAC-SHA256, cut to 128 bits. Keyed, because a plain hash of a Secret's few characters can be guessed by whoever reads
 * the inventory.
 */
export function keyedHash(key: Uint8Array, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex").slice(0, 32);
}
