/** What a command is given when it runs, and what came of it. */

import type { Result } from "../model/failure.ts";
import type { Person } from "../model/pull.ts";
import type { RepositoryRef } from "../model/repository.ts";
import type { World } from "./world.ts";

/** A command that may run, wherever it was given. */
export interface Given {
  readonly world: World;
  readonly repository: RepositoryRef;
  /** Of the issue or pull request that it is about. */
  readonly number: number;
  /** Login of who gave it. */
  readonly by: string;
  /** When it was given, ISO 8601. */
  readonly at: string;
  readonly person: Person;
  /** Says that it was understood and that work is under way. */
  readonly accept: () => Promise<Result<void>>;
  /** Says this once, however often it is asked to. */
  readonly reply: (blocks: readonly string[]) => Promise<Result<void>>;
}

/** `done`: answered. `handed-on`: another flow goes on and reacts when it is done. `refused`: it cannot be done. */
export type Outcome = "done" | "handed-on" | "refused";
