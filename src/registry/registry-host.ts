/** How a registry is called in references, in credentials and on the network, and what is known of its listings. */

const hub = "docker.io";
const hubAliases = new Set([hub, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"]);

/** One spelling per registry: lower case, and `docker.io` for every name of Docker Hub. */
export function normaliseHost(host: string): string {
  const lower = host.toLowerCase();
  return hubAliases.has(lower) ? hub : lower;
}

/** Where the registry's API listens; only Docker Hub's is elsewhere than its name says. */
export function apiHost(registry: string): string {
  const host = normaliseHost(registry);
  return host === hub ? "registry-1.docker.io" : host;
}

/** Tags to ask for in one page, the most that any registry is known to allow: ECR's limit too. */
export const largePage = 1000;
/** For those that refuse more, or cannot make it in time. */
export const smallPage = 100;

/** Quay refuses larger pages since June 2024: https://github.com/fluxcd/image-reflector-controller/issues/585 */
export function refusesLargePages(registry: string): boolean {
  return normaliseHost(registry) === "quay.io";
}
