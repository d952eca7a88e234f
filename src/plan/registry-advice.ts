/** What a registry that failed is telling, and what a team can do about it. */

import type { FailureCode } from "../model/failure.ts";

export interface RegistryAdvice {
  /** With the status that registries answer in that case, where there is one. */
  readonly what: string;
  /** A sentence. */
  readonly advice: string;
}

const again = "It is asked again at the next scan.";

const known: Partial<Record<FailureCode, RegistryAdvice>> = {
  unauthorized: {
    what: "credentials refused (401)",
    advice: "Check or renew the credentials for this registry in the Docker config or the pull secrets.",
  },
  forbidden: {
    what: "access denied (403)",
    advice: "The account may log in and not list this repository: give it the right to pull.",
  },
  "not-found": {
    what: "not found (404)",
    advice: "The image was renamed or deleted, or is private and there are no credentials for it.",
  },
  "rate-limited": {
    what: "too many requests (429)",
    advice: "Log in for a higher limit, or use a mirror. It is asked again once the registry allows it.",
  },
  unavailable: { what: "cannot be reached or fails itself (5xx)", advice: again },
  timeout: { what: "did not answer in time", advice: again },
  incomplete: {
    what: "gave only a part of its tags",
    advice: `A part is never used, as it would look as if tags were gone. ${again}`,
  },
  malformed: {
    what: "answered what is no list of tags",
    advice: "Check that the host is a registry and not a login page or a proxy.",
  },
  "too-large": {
    what: "answered more than is read",
    advice: "Narrow what is stored under this repository, or ignore the image.",
  },
};

export function registryAdvice(code: FailureCode): RegistryAdvice {
  return known[code] ?? { what: "could not be judged", advice: again };
}
