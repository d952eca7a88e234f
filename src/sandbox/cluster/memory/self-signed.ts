/** A certificate for the loopback address that vouches for itself, made anew for every server (RFC 5280, in DER). */

import { type KeyObject, generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface ServerIdentity {
  /** PEM of the private key. */
  readonly key: string;
  /** PEM of the certificate; clients trust it as their authority. */
  readonly certificate: string;
}

const tag = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
};
/** Object identifiers as they are encoded. */
const oid = {
  ecdsaWithSha256: "2a8648ce3d040302",
  commonName: "550403",
  basicConstraints: "551d13",
  alternativeName: "551d11",
};
const dayMilliseconds = 86_400_000;

/** Valid from an hour before `now` for thirty days: a sandbox does not live longer. */
export function selfSigned(now: Date): ServerIdentity {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const from = new Date(now.getTime() - dayMilliseconds / 24);
  const until = new Date(now.getTime() + 30 * dayMilliseconds);
  const content = toBeSigned(publicKey, from, until);
  const signature = sign("sha256", content, privateKey);
  const certificate = der(tag.sequence, content, algorithm(), der(tag.bits, Buffer.from([0]), signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: pem(certificate),
  };
}

function toBeSigned(publicKey: KeyObject, from: Date, until: Date): Buffer {
  // A serial number is positive: its first bit is clear.
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);
  const name = relativeName("lockkeeper sandbox");
  return der(
    tag.sequence,
    der(0xa0, der(tag.integer, Buffer.from([2]))),
    der(tag.integer, serial),
    algorithm(),
    name,
    der(tag.sequence, time(from), time(until)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(tag.sequence, ...extensions())),
  );
}

function extensions(): Buffer[] {
  const authority = der(tag.sequence, Buffer.from("0101ff", "hex"));
  const names = der(
    tag.sequence,
    der(0x82, Buffer.from("localhost")),
    der(0x87, Buffer.from([127, 0, 0, 1])),
  );
  return [extension(oid.basicConstraints, authority), extension(oid.alternativeName, names)];
}

function extension(id: string, value: Buffer): Buffer {
  return der(tag.sequence, der(tag.oid, Buffer.from(id, "hex")), der(tag.octets, value));
}

function algorithm(): Buffer {
  return der(tag.sequence, der(tag.oid, Buffer.from(oid.ecdsaWithSha256, "hex")));
}

function relativeName(text: string): Buffer {
  const pair = der(
    tag.sequence,
    der(tag.oid, Buffer.from(oid.commonName, "hex")),
    der(tag.utf8, Buffer.from(text)),
  );
  return der(tag.sequence, der(tag.set, pair));
}

/** UTCTime: `261122034500Z`. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/\D/g, "");
  return der(tag.time, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function der(type: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([type, ...size]), content]);
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
