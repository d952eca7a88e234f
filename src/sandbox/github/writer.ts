/** The caller of a route as somebody who writes. */

import { accountOf, includesRole, roleOf } from "./actor.ts";
import { ApiError } from "./api-error.ts";
import type { Context } from "./router.ts";
import type { Account, Role } from "./state.ts";

/** Whether the caller has a role; of an App its permissions have been asked already. */
export function hasRole({ hub, repository, actor }: Context, role: Role): boolean {
  return actor.kind !== "user" || includesRole(roleOf(hub.store, repository, actor.user), role);
}

/** The account in whose name the caller writes; 401 for nobody. */
export function writerOf({ actor }: Context): Account {
  const account = accountOf(actor);
  if (account === undefined) throw new ApiError(401, "Requires authentication");
  return account;
}
