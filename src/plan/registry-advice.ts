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
    what: "not authorised (401)",
    advice:
      "It does not exist, or needs other credentials: see DOCKER_CONFIG and LOCKKEEPER_PULL_SECRETS of the installation.",
  },
  forbidden: {
    what: "access denied (403)",
    advice:
      "The credentials have expired or do not suffice: give their account the right to pull this repository.",
  },
  "not-found": {
    what: "not found (404)",
    advice:
      "Check the spelling; some registries say this of private repositories too, which need credentials.",
  },
  "rate-limited": {
    what: "too many requests (429)",
    advice: "It is asked again as soon as it allows; credentials raise the limit of many registries.",
  },
  rejected: {
    what: "is not asked",
    advice:
      "Its address, or where it sends us, is private or not behind https: LOCKKEEPER_INSECURE_REGISTRIES allows a host.",
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
