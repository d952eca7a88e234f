/** What every step of judging a pull request is given. */

import type { Target } from "../config/config.ts";
import type { Person } from "../model/pull.ts";
import type { RepositoryRef } from "../model/repository.ts";
import type { RepositoryForge } from "../ports/forge.ts";
import type { Threads } from "../ports/threads.ts";
import type { Policy } from "./check-policy.ts";

export interface Bench {
  readonly repository: RepositoryRef;
  readonly forge: RepositoryForge;
  /** The account as which the App acts. */
  readonly self: Person;
  readonly targets: readonly Target[];
  readonly threads: Threads;
  readonly policy: Exclude<Policy, { type: "absent" }>;
}
