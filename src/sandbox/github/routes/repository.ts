/** A repository itself. */

import { levelOf, roleOf, type Actor } from "../actor.ts";
import { announce } from "../announce.ts";
import type { Answer } from "../answer.ts";
import { validationFailed } from "../api-error.ts";
import { optionalFlag, optionalText } from "../input.ts";
import { rename } from "../moved.ts";
import { presentFullRepository } from "../present/repository.ts";
import type { Context, Route } from "../router.ts";
import type { Repository } from "../repository-state.ts";
import type { Role } from "../state.ts";
import { findRepository, type Store } from "../store.ts";

/** What the `permissions` of a repository tell the caller about itself. */
function roleOfActor(store: Store, repository: Repository, actor: Actor): Role {
  if (actor.kind === "user") return roleOf(store, repository, actor.user);
  if (actor.kind !== "installation") return "read";
  return levelOf(actor.token, "contents") === "write" ? "write" : "read";
}

function get({ hub, actor, repository }: Context): Answer {
  const role = roleOfActor(hub.store, repository, actor);
  return { status: 200, body: presentFullRepository(hub.store, repository, role) };
}

/** Settings, as administrators change them. Every change has its own event. */
function update(context: Context): Answer {
  const { hub, repository, body } = context;
  const name = optionalText(body, "name") ?? repository.name;
  if (name !== repository.name) {
    if (findRepository(hub.store, repository.owner.login, name)) {
      throw validationFailed({
        resource: "Repository",
        code: "custom",
        field: "name",
        message: "name already exists",
      });
    }
    const from = repository.name;
    rename(repository, name);
    announce(context, "repository", "renamed", { changes: { repository: { name: { from } } } });
  }
  repository.allowAutoMerge = optionalFlag(body, "allow_auto_merge") ?? repository.allowAutoMerge;
  repository.deleteBranchOnMerge =
    optionalFlag(body, "delete_branch_on_merge") ?? repository.deleteBranchOnMerge;
  const changes = { ...changeDescription(context), ...changeDefaultBranch(context) };
  if (Object.keys(changes).length > 0) announce(context, "repository", "edited", { changes });
  const isPrivate = optionalFlag(body, "private") ?? repository.private;
  if (isPrivate !== repository.private) {
    repository.private = isPrivate;
    announce(context, "repository", isPrivate ? "privatized" : "publicized", {});
  }
  const isArchived = optionalFlag(body, "archived") ?? repository.archived;
  if (isArchived !== repository.archived) {
    repository.archived = isArchived;
    announce(context, "repository", isArchived ? "archived" : "unarchived", {});
  }
  repository.updatedAt = hub.store.now();
  return get(context);
}

function changeDescription({ repository, body }: Context): Record<string, unknown> {
  const description = optionalText(body, "description");
  const from = repository.description;
  if (description === undefined || description === from) return {};
  repository.description = description;
  return { description: { from } };
}

function changeDefaultBranch({ repository, body }: Context): Record<string, unknown> {
  const branch = optionalText(body, "default_branch");
  const from = repository.defaultBranch;
  if (branch === undefined || branch === from) return {};
  repository.defaultBranch = branch;
  return { default_branch: { from } };
}

export const repositoryRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}",
    permission: { name: "metadata", level: "read" },
    handle: get,
  },
  {
    method: "PATCH",
    path: "/repos/{owner}/{repo}",
    permission: { name: "administration", level: "write" },
    role: "admin",
    handle: update,
  },
];
