/** Teams: who is in them, directly or through a child team, and what they may do in repositories. */

import type { Answer } from "../answer.ts";
import { ApiError, notFound, validationFailed } from "../api-error.ts";
import { emit } from "../emit.ts";
import { optionalWord, text } from "../input.ts";
import {
  accountNamed,
  organisationOf,
  ownedOrganisationOf,
  teamOf,
  withChildren,
} from "../organisation-access.ts";
import { paginate } from "../page.ts";
import { presentFullTeam, presentTeam, presentToldTeam } from "../present/team.ts";
import { presentUser } from "../present/user.ts";
import type { Context, Route } from "../router.ts";
import type { Account, Organisation, Role, Team } from "../state.ts";
import { addTeam, findRepository } from "../store.ts";
import { writerOf } from "../writer.ts";

const all = "/orgs/{org}/teams";
const one = "/orgs/{org}/teams/{team_slug}";
const membership = `${one}/memberships/{username}`;
const read = { name: "members", level: "read" } as const;
const write = { name: "members", level: "write" } as const;

export const teamRoutes: readonly Route[] = [
  { method: "GET", path: all, permission: read, handle: list },
  { method: "POST", path: all, permission: write, handle: create },
  { method: "GET", path: one, permission: read, handle: get },
  { method: "GET", path: `${one}/teams`, permission: read, handle: listChildren },
  { method: "GET", path: `${one}/members`, permission: read, handle: listMembers },
  { method: "GET", path: membership, permission: read, handle: getMembership },
  { method: "PUT", path: membership, permission: write, handle: join },
  { method: "DELETE", path: membership, permission: write, handle: leave },
  { method: "PUT", path: `${one}/repos/{owner}/{repo}`, permission: write, role: "admin", handle: grant },
];

function list(context: Context): Promise<Answer> {
  return paginate(context, organisationOf(context).teams, (team) => presentTeam(context.hub.store, team));
}

function create(context: Context): Answer {
  const { hub, body } = context;
  const organisation = ownedOrganisationOf(context);
  const name = text(body, "name");
  if (organisation.teams.some((team) => team.name === name)) {
    throw validationFailed({ resource: "Team", code: "already_exists", field: "name" });
  }
  const team = addTeam(hub.store, organisation, name);
  const parent = body["parent_team_id"];
  if (parent !== undefined && parent !== null) {
    team.parent = organisation.teams.find(({ id }) => id === parent) ?? null;
    if (team.parent === null)
      throw validationFailed({ resource: "Team", code: "invalid", field: "parent_team_id" });
  }
  tell(context, { organisation, event: "team", action: "created", payload: told(context, team) });
  return { status: 201, body: presentFullTeam(hub.store, team) };
}

function get(context: Context): Answer {
  const team = teamOf(organisationOf(context), context);
  return { status: 200, body: presentFullTeam(context.hub.store, team) };
}

function listChildren(context: Context): Promise<Answer> {
  const organisation = organisationOf(context);
  const team = teamOf(organisation, context);
  const children = organisation.teams.filter(({ parent }) => parent === team);
  return paginate(context, children, (child) => presentTeam(context.hub.store, child));
}

function listMembers(context: Context): Promise<Answer> {
  const organisation = organisationOf(context);
  const teams = withChildren(organisation, teamOf(organisation, context));
  const wanted = context.query.get("role") ?? "all";
  const people = teams.flatMap((team) =>
    [...team.members].filter(([, role]) => wanted === "all" || role === wanted),
  );
  const accounts = [...new Set(people.map(([account]) => account))];
  return paginate(context, accounts, (account) => presentUser(context.hub.store, account));
}

/** Members of child teams are members; where someone is in several, the strongest role counts. */
function getMembership(context: Context): Answer {
  const organisation = organisationOf(context);
  const team = teamOf(organisation, context);
  const user = accountNamed(context);
  const roles = withChildren(organisation, team).flatMap((one) => one.members.get(user) ?? []);
  if (roles.length === 0) throw notFound();
  const role = team.members.get(user) ?? "member";
  return { status: 200, body: presentMembership(context, { team, user, role }) };
}

function join(context: Context): Answer {
  const organisation = ownedOrganisationOf(context);
  const team = teamOf(organisation, context);
  const user = accountNamed(context);
  if (!organisation.members.has(user)) {
    // github.com would send an invitation and answer `pending`; nobody here reads mail.
    throw new ApiError(422, "Cannot add someone who is not a member of the organization.");
  }
  const role = optionalWord(context.body, "role", ["member", "maintainer"]) ?? "member";
  const isNew = !team.members.has(user);
  team.members.set(user, role);
  if (isNew) tellMembership(context, { organisation, team, user, action: "added" });
  return { status: 200, body: presentMembership(context, { team, user, role }) };
}

function leave(context: Context): Answer {
  const organisation = ownedOrganisationOf(context);
  const team = teamOf(organisation, context);
  const user = accountNamed(context);
  if (!team.members.delete(user)) throw notFound();
  tellMembership(context, { organisation, team, user, action: "removed" });
  return { status: 204 };
}

const roles: Readonly<Record<string, Role>> = { pull: "read", push: "write" };

function grant(context: Context): Answer {
  const { hub, params, body } = context;
  const organisation = ownedOrganisationOf(context);
  const team = teamOf(organisation, context);
  const repository = findRepository(hub.store, params["owner"] ?? "", params["repo"] ?? "");
  if (repository === undefined) throw notFound();
  const asked = optionalWord(body, "permission", ["pull", "triage", "push", "maintain", "admin"]) ?? "push";
  team.roles.set(repository.id, roles[asked] ?? (asked as Role));
  const payload = told(context, team);
  emit(hub, { event: "team", action: "added_to_repository", repository, sender: writerOf(context), payload });
  return { status: 204 };
}

interface Membership {
  readonly team: Team;
  readonly user: Account;
}

function presentMembership(
  context: Context,
  { team, user, role }: Membership & { role: "member" | "maintainer" },
): Record<string, unknown> {
  const url = `${context.hub.store.apiUrl}/organizations/${team.organisation.id}/team/${team.id}`;
  return { url: `${url}/memberships/${user.login}`, role, state: "active" };
}

function tellMembership(
  context: Context,
  {
    organisation,
    team,
    user,
    action,
  }: Membership & { organisation: Organisation; action: "added" | "removed" },
): void {
  const member = presentUser(context.hub.store, user);
  const payload = { ...told(context, team), scope: "team", member };
  tell(context, { organisation, event: "membership", action, payload });
}

function told(context: Context, team: Team): Record<string, unknown> {
  return { team: presentToldTeam(context.hub.store, team) };
}

function tell(
  context: Context,
  what: { organisation: Organisation; event: string; action: string; payload: Record<string, unknown> },
): void {
  const { organisation, ...happening } = what;
  emit(context.hub, { ...happening, organisation: organisation.account, sender: writerOf(context) });
}
