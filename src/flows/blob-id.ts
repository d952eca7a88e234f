/** The id that Git gives a content. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */

import { createHash } from "node:crypto";

export function blobId(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
