/** The files that settings name. */

import { readFileSync } from "node:fs";

/** The text of a file, or null where it cannot be read. */
export function textOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
