/** Keeps requests away from addresses that only this network can reach, unless the operator lists the registry. */

import { lookup } from "node:dns";
import { BlockList, type LookupFunction, isIP } from "node:net";

const privateRanges = new BlockList();
const subnets: readonly (readonly [string, number, "ipv4" | "ipv6"])[] = [
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["224.0.0.0", 3, "ipv4"],
  ["::", 127, "ipv6"],
  ["64:ff9b::", 96, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
  ["ff00::", 8, "ipv6"],
];
for (const [network, prefix, family] of subnets) privateRanges.addSubnet(network, prefix, family);

/** Raised inside a connection attempt; `message` is fit for a person. */
export class PrivateAddressError extends Error {}

/** Whether an IP address is loopback, link-local, private, multicast or reserved. */
function isPrivateAddress(address: string): boolean {
  return privateRanges.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** Whether the host of a URL is written as such an address; names are judged by `publicLookup` when they connect. */
export function hasPrivateLiteral(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return isIP(host) !== 0 && isPrivateAddress(host);
}

/**
 * A lookup that fails where a name has a private address. It runs for the connection itself, so that a name cannot be
 * public when it is checked and private when it is used.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    const found = addresses.find(({ address }) => isPrivateAddress(address));
    if (found !== undefined) {
      return callback(new PrivateAddressError(`${hostname} is at the private address ${found.address}`), []);
    }
    const [first] = addresses;
    if (options.all === true || first === undefined) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};
