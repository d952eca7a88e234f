/** JSON of strangers, parsed only where that takes neither long nor much memory. */

/** So many parse in a few milliseconds; nothing but a tag listing has more. */
const usualItems = 30_000;

const decoder = new TextDecoder();

/** Undefined where the bytes are no JSON, or hold more commas, brackets and braces than that; those in texts count too. */
export function parseJson(bytes: Uint8Array, mostItems = usualItems): unknown {
  if (hasMoreItems(bytes, mostItems)) return undefined;
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** Bounds depth as well as size: a parser that runs out of memory ends the process, whatever thread it is in. */
export function hasMoreItems(bytes: Uint8Array, most: number): boolean {
  let items = 0;
  for (let index = 0; index < bytes.length && items <= most; index += 1) {
    const byte = bytes[index];
    if (byte === 0x2c || byte === 0x5b || byte === 0x7b) items += 1;
  }
  return items > most;
}
