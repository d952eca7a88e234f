/** JSON of strangers, parsed only where that cannot take long. */

/** So many parse in a few milliseconds; nothing but a tag listing has more, and those have their own reader. */
const mostItems = 100_000;

/** Undefined where the bytes are no JSON, or hold more than 100,000 commas and brackets. */
export function parseJson(bytes: Buffer): unknown {
  if (itemsOf(bytes) > mostItems) return undefined;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Commas, opening brackets and braces, those in texts included. */
function itemsOf(bytes: Buffer): number {
  let items = 0;
  for (const byte of bytes) {
    if (byte === 0x2c || byte === 0x5b || byte === 0x7b) items += 1;
  }
  return items;
}
