/** A repository itself. */

import { levelOf, roleOf, type Actor } from "../actor.ts";
import { presentFullRepository } from "../present/repository.ts";
import type { Route } from "../router.ts";
import type { Repository } from "../repository-state.ts";
import type { Role } from "../state.ts";
import type { Store } from "../store.ts";

/** What the `permissions` of a repository tell the caller about itself. */
function roleOfActor(store: Store, repository: Repository, actor: Actor): Role {
  if (actor.kind === "user") return roleOf(store, repository, actor.user);
  if (actor.kind !== "installation") return "read";
  return levelOf(actor.token, "contents") === "write" ? "write" : "read";
}

export const repositoryRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}",
    permission: { name: "metadata", level: "read" },
    handle: ({ hub, actor, repository }) => ({
      status: 200,
      body: presentFullRepository(hub.store, repository, roleOfActor(hub.store, repository, actor)),
    }),
  },
];
