/** Making a fork, and listing them. */

import { ApiError } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { forkRepository } from "../forks.ts";
import { paginate } from "../page.ts";
import { presentFullRepository, presentMinimalRepository } from "../present/repository.ts";
import type { Context, Route } from "../router.ts";
import { writerOf } from "../writer.ts";

const path = "/repos/{owner}/{repo}/forks";

export const forkRoutes: readonly Route[] = [
  { method: "GET", path, permission: { name: "metadata", level: "read" }, handle: list },
  {
    method: "POST",
    path,
    permission: { name: "administration", level: "write" },
    role: "read",
    handle: create,
  },
];

function list(context: Context): Promise<Answer> {
  const { hub, repository } = context;
  const forks = hub.store.repositories.filter(({ parent }) => parent === repository);
  return paginate(context, forks, (fork) => presentMinimalRepository(hub.store, fork));
}

async function create(context: Context): Promise<Answer> {
  const { hub, repository, actor } = context;
  if (actor.kind !== "user") throw new ApiError(403, "Resource not accessible by integration");
  const user = writerOf(context);
  if (user === repository.owner) throw new ApiError(403, "You cannot fork your own repository");
  const fork = await forkRepository(hub, repository, user);
  return { status: 202, body: presentFullRepository(hub.store, fork, "admin") };
}
