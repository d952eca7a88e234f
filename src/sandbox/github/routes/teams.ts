/** Teams, and what they may do in repositories. */

import type { Answer } from "../answer.ts";
import { notFound, validationFailed } from "../api-error.ts";
import { emit } from "../emit.ts";
import { optionalWord, text } from "../input.ts";
import { organisationOf, ownedOrganisationOf, teamOf } from "../organisation-access.ts";
import { paginate } from "../page.ts";
import { presentFullTeam, presentTeam, presentToldTeam } from "../present/team.ts";
import type { Context, Route } from "../router.ts";
import type { Organisation, Role, Team } from "../state.ts";
import { addTeam, findRepository } from "../store.ts";
import { writerOf } from "../writer.ts";

const all = "/orgs/{org}/teams";
const one = "/orgs/{org}/teams/{team_slug}";
const read = { name: "members", level: "read" } as const;
const write = { name: "members", level: "write" } as const;

export const teamRoutes: readonly Route[] = [
  { method: "GET", path: all, permission: read, handle: list },
  { method: "POST", path: all, permission: write, handle: create },
  { method: "GET", path: one, permission: read, handle: get },
  { method: "GET", path: `${one}/teams`, permission: read, handle: listChildren },
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
  const parent = parentOf(organisation, body["parent_team_id"]);
  const team = addTeam(hub.store, organisation, name);
  team.parent = parent;
  emit(hub, {
    event: "team",
    action: "created",
    organisation: organisation.account,
    sender: writerOf(context),
    payload: { team: presentToldTeam(hub.store, team) },
  });
  return { status: 201, body: presentFullTeam(hub.store, team) };
}

function parentOf(organisation: Organisation, id: unknown): Team | null {
  if (id === undefined || id === null) return null;
  const parent = organisation.teams.find((team) => team.id === id);
  if (parent === undefined) {
    throw validationFailed({ resource: "Team", code: "invalid", field: "parent_team_id" });
  }
  return parent;
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

const roles: Readonly<Record<string, Role>> = { pull: "read", push: "write" };

function grant(context: Context): Answer {
  const { hub, params, body } = context;
  const organisation = ownedOrganisationOf(context);
  const team = teamOf(organisation, context);
  const repository = findRepository(hub.store, params["owner"] ?? "", params["repo"] ?? "");
  if (repository === undefined) throw notFound();
  const asked = optionalWord(body, "permission", ["pull", "triage", "push", "maintain", "admin"]) ?? "push";
  team.roles.set(repository.id, roles[asked] ?? (asked as Role));
  const payload = { team: presentToldTeam(hub.store, team) };
  emit(hub, { event: "team", action: "added_to_repository", repository, sender: writerOf(context), payload });
  return { status: 204 };
}
