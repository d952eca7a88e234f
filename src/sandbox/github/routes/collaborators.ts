/** What people may do in a repository. */

import { includesRole, roleOf } from "../actor.ts";
import { announce } from "../announce.ts";
import type { Answer } from "../answer.ts";
import { notFound } from "../api-error.ts";
import { optionalWord } from "../input.ts";
import { accountNamed } from "../organisation-access.ts";
import { paginate } from "../page.ts";
import { presentRole } from "../present/repository.ts";
import { presentUser } from "../present/user.ts";
import type { Context, Route } from "../router.ts";
import type { Account, Role } from "../state.ts";

const all = "/repos/{owner}/{repo}/collaborators";
const one = "/repos/{owner}/{repo}/collaborators/{username}";
const read = { name: "metadata", level: "read" } as const;
const administer = { name: "administration", level: "write" } as const;

export const collaboratorRoutes: readonly Route[] = [
  { method: "GET", path: all, permission: read, role: "write", handle: list },
  { method: "GET", path: one, permission: read, role: "write", handle: isCollaborator },
  { method: "GET", path: `${one}/permission`, permission: read, handle: permission },
  { method: "PUT", path: one, permission: administer, role: "admin", handle: add },
  { method: "DELETE", path: one, permission: administer, role: "admin", handle: remove },
];

function list(context: Context): Promise<Answer> {
  const people = context.hub.store.accounts.filter(
    (account) => account.type === "User" && includesRole(givenRole(context, account), "read"),
  );
  return paginate(context, people, (account) => presentCollaborator(context, account));
}

function isCollaborator(context: Context): Answer {
  if (givenRole(context, accountNamed(context)) === "none") throw notFound();
  return { status: 204 };
}

/** The older field knows four levels: `maintain` is told as write and `triage` as read; `role_name` tells the role. */
function permission(context: Context): Answer {
  const user = accountNamed(context);
  const role = roleOf(context.hub.store, context.repository, user);
  const levels: Partial<Record<Role, string>> = { maintain: "write", triage: "read" };
  const body = {
    permission: levels[role] ?? role,
    role_name: role,
    user: presentCollaborator(context, user),
  };
  return { status: 200, body };
}

/** Everybody here is added at once; github.com would invite those outside the organisation. */
function add(context: Context): Answer {
  const { repository, body } = context;
  const user = accountNamed(context);
  const asked = optionalWord(body, "permission", ["pull", "triage", "push", "maintain", "admin"]) ?? "push";
  const before = repository.collaborators.get(user);
  const role = asked === "pull" ? "read" : asked === "push" ? "write" : asked;
  repository.collaborators.set(user, role);
  const member = presentUser(context.hub.store, user);
  // The webhook schema knows only two levels.
  const to = role === "admin" ? "admin" : "write";
  if (before === undefined) announce(context, "member", "added", { member, changes: { permission: { to } } });
  else if (before !== role) {
    announce(context, "member", "edited", { member, changes: { old_permission: { from: before } } });
  }
  return { status: 204 };
}

function remove(context: Context): Answer {
  const user = accountNamed(context);
  if (context.repository.collaborators.delete(user)) {
    announce(context, "member", "removed", { member: presentUser(context.hub.store, user) });
  }
  return { status: 204 };
}

/** Without what everybody has on a public repository. */
function givenRole({ hub, repository }: Context, user: Account): Role {
  return roleOf(hub.store, { ...repository, private: true }, user);
}

function presentCollaborator(context: Context, user: Account): Record<string, unknown> {
  const role = roleOf(context.hub.store, context.repository, user);
  return {
    ...presentUser(context.hub.store, user),
    permissions: presentRole(role),
    role_name: role,
  };
}
