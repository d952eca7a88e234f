/** One text for one JSON value, and keyed hashes of it. */

import { type KeyObject, createHmac, createSecretKey } from "node:crypto";
import { isRecord } from "./json-path.ts";

/** JSON with the keys of every mapping sorted; `undefined` members are left out, as JSON does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    isRecord(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** To make a key of bytes ready takes six times as long as the hash of an object. */
const readied = new WeakMap<Uint8Array, KeyObject>();

/**
 * HMAC-SHA256, cut to 128 bits. Keyed, because a plain hash of a Secret's few characters can be guessed by whoever reads
 * the inventory. The bytes of the key do not change.
 */
export function keyedHash(key: Uint8Array, text: string): string {
  const ready = readied.get(key) ?? createSecretKey(key);
  readied.set(key, ready);
  return createHmac("sha256", ready).update(text).digest("hex").slice(0, 32);
}
