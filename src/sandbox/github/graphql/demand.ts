/** The permission that a mutation needs, as a route's permission for REST. */

import { covers, includesRole, levelOf, roleOf } from "../actor.ts";
import type { Repository } from "../repository-state.ts";
import type { Role } from "../state.ts";
import { GraphqlError } from "./graphql-error.ts";
import type { Caller } from "./caller.ts";

/** Throws where neither the App's permission (to write) nor the person's role suffices. */
export function demand(
  { hub, actor }: Caller,
  repository: Repository,
  need: { readonly name: string; readonly role: Role },
): void {
  const may =
    actor.kind === "user"
      ? includesRole(roleOf(hub.store, repository, actor.user), need.role)
      : actor.kind === "installation" &&
        covers(actor.token, repository) &&
        levelOf(actor.token, need.name) === "write";
  if (!may) throw new GraphqlError("FORBIDDEN", "Resource not accessible by integration");
}
