/** Where a registry is on the network, and what is known of its listings. */

import { normaliseHost } from "../model/image.ts";

/** Where the registry's API listens; only Docker Hub's is elsewhere than its name says. */
export function apiHost(registry: string): string {
  const host = normaliseHost(registry);
  return host === "docker.io" ? "registry-1.docker.io" : host;
}

/** Tags to ask for in one page, the most that any registry is known to allow: ECR's limit too. */
export const largePage = 1000;
/** For those that refuse more, or cannot make it in time. */
export const smallPage = 100;

/** Quay refuses larger pages since June 2024: https://github.com/fluxcd/image-reflector-controller/issues/585 */
export function refusesLargePages(registry: string): boolean {
  return normaliseHost(registry) === "quay.io";
}
