/** What a reference to a container image is. Grammar: https://github.com/distribution/reference */

import { type Result, fail, ok } from "./failure.ts";

/** A parsed image reference. At most one of `tag` and `digest` may be missing where something runs. */
export interface ImageReference {
  /** The repository as it was written, without tag and digest: `nginx`, `ghcr.io/acme/web`. */
  readonly name: string;
  /** Registry host with its port, in one spelling: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  /** Repository within the registry, with Docker Hub's `library/` filled in. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…` with its algorithm. */
  readonly digest?: string;
}

const host =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[a-f0-9:]+\])(?::[0-9]+)?$/;
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const digestPattern = /^sha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})$/;
const longestRepository = 255;
/** With a host, a tag and a digest; a longer reference is refused before any pattern looks at it. */
const maximumLength = 255 + 1 + longestRepository + 1 + 128 + 1 + 7 + 128;

const hub = "docker.io";
const hubAliases = new Set([hub, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"]);

/** One spelling per registry: lower case, and `docker.io` for every name of Docker Hub. */
export function normaliseHost(host: string): string {
  const lower = host.toLowerCase();
  return hubAliases.has(lower) ? hub : lower;
}

/** Whether a text can be a tag; anything else that a registry lists is not one. */
export function isTag(text: string): boolean {
  return tagPattern.test(text);
}

/** Whether a text is a digest as OCI writes it. */
export function isDigest(text: string): boolean {
  return digestPattern.test(text);
}

/** Parses `[registry/]repository[:tag][@digest]`; `malformed` names the part that is wrong. */
export function parseImageReference(text: string): Result<ImageReference> {
  if (text.length === 0 || text.length > maximumLength)
    return fail("malformed", "image reference is empty or too long");
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) return fail("malformed", `not a digest: "${digest}"`);
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.lastIndexOf(":");
  const hasTag = colon > tagged.lastIndexOf("/");
  const tag = hasTag ? tagged.slice(colon + 1) : undefined;
  if (tag !== undefined && !isTag(tag)) return fail("malformed", `not a tag: "${tag}"`);
  const name = hasTag ? tagged.slice(0, colon) : tagged;
  const place = splitName(name);
  if (!place.ok) return place;
  return ok({
    name,
    ...place.value,
    tag,
    digest,
  });
}

function splitName(name: string): Result<{ registry: string; repository: string }> {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const named =
    first.includes(".") || first.includes(":") || first === "localhost" || first !== first.toLowerCase();
  const registry = named ? normaliseHost(first) : hub;
  const path = named ? name.slice(slash + 1) : name;
  if (!host.test(registry)) return fail("malformed", `not a registry host: "${first}"`);
  // Docker takes a bare name of 64 hexadecimal digits for the ID of an image.
  const unnamed = !named && /^[a-f0-9]{64}$/.test(path);
  if (unnamed || path.length > longestRepository || !path.split("/").every((part) => component.test(part))) {
    return fail("malformed", `not an image repository: "${path}"`);
  }
  const official = registry === hub && !path.includes("/");
  return ok({ registry, repository: official ? `library/${path}` : path });
}

/** `registry/repository`: the same for every spelling of one image. */
export function imageKey(image: ImageReference): string {
  return `${image.registry}/${image.repository}`;
}
