/** Seals: keyed hashes by which the App knows its own words again, in texts that others may edit. */

import { createHmac, createPrivateKey, hkdfSync } from "node:crypto";

/** Nothing is kept for it: the key is drawn from the App's own (PEM), so that a new one of those ends all seals. */
export function sealer(privateKey: string): (text: string) => string {
  let key: Buffer | undefined;
  return (text) => {
    key ??= drawKey(privateKey);
    return createHmac("sha256", key).update(text).digest("base64url");
  };
}

function drawKey(privateKey: string): Buffer {
  const secret = createPrivateKey(privateKey).export({ type: "pkcs8", format: "der" });
  return Buffer.from(hkdfSync("sha256", secret, "", "lockkeeper seal", 32));
}
