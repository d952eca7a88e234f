/** Who is calling the sandbox's GitHub, and what they may do to a repository. */

import { findOrganisation, type Store } from "./store.ts";
import type { InstallationToken, Repository } from "./repository-state.ts";
import type { Account, App, Level, Role } from "./state.ts";

export type Actor =
  | { readonly kind: "app"; readonly app: App }
  | { readonly kind: "installation"; readonly token: InstallationToken }
  | { readonly kind: "user"; readonly user: Account }
  | { readonly kind: "anonymous" };

const ranks: readonly Role[] = ["none", "read", "triage", "write", "maintain", "admin"];

/** Whether a role includes another. */
export function includesRole(role: Role, wanted: Role): boolean {
  return ranks.indexOf(role) >= ranks.indexOf(wanted);
}

/** The strongest of what a person is given: owner, collaborator, teams with their parents, and everyone's right to read. */
export function roleOf(store: Store, repository: Repository, user: Account): Role {
  const organisation = findOrganisation(store, repository.owner.login);
  const given: Role[] = [repository.private ? "none" : "read", repository.collaborators.get(user) ?? "none"];
  if (repository.owner === user || organisation?.members.get(user) === "admin") given.push("admin");
  for (const team of organisation?.teams ?? []) {
    if (!team.members.has(user)) continue;
    for (let at: typeof team | null = team; at; at = at.parent)
      given.push(at.roles.get(repository.id) ?? "none");
  }
  return given.reduce((best, role) => (includesRole(role, best) ? role : best), "none");
}

/** The level an installation token has for a permission; reading metadata comes with every repository it may see. */
export function levelOf(token: InstallationToken, permission: string): Level | undefined {
  return token.permissions[permission] ?? (permission === "metadata" ? "read" : undefined);
}

/** Whether a token covers a repository. */
export function covers(token: InstallationToken, repository: Repository): boolean {
  return (
    token.installation.repositories.has(repository) &&
    (token.repositories === null || token.repositories.has(repository))
  );
}

export function maySee(store: Store, actor: Actor, repository: Repository): boolean {
  if (!repository.private) return true;
  if (actor.kind === "user") return roleOf(store, repository, actor.user) !== "none";
  return actor.kind === "installation" && covers(actor.token, repository);
}

/** The account in whose name the actor writes; undefined for an App JWT and for nobody. */
export function accountOf(actor: Actor): Account | undefined {
  if (actor.kind === "user") return actor.user;
  return actor.kind === "installation" ? actor.token.installation.app.bot : undefined;
}

/** The App through which the actor writes, if any. */
export function appOf(actor: Actor): App | null {
  if (actor.kind === "installation") return actor.token.installation.app;
  return actor.kind === "app" ? actor.app : null;
}
