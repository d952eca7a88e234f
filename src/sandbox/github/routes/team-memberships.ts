/** Who is in a team, directly or through a child team. */

import type { Answer } from "../answer.ts";
import { ApiError, notFound } from "../api-error.ts";
import { emit } from "../emit.ts";
import { optionalWord } from "../input.ts";
import {
  accountNamed,
  organisationOf,
  ownedOrganisationOf,
  teamOf,
  withChildren,
} from "../organisation-access.ts";
import { paginate } from "../page.ts";
import { presentToldTeam } from "../present/team.ts";
import { presentUser } from "../present/user.ts";
import type { Context, Route } from "../router.ts";
import type { Account, Team } from "../state.ts";
import { writerOf } from "../writer.ts";

const members = "/orgs/{org}/teams/{team_slug}/members";
const one = "/orgs/{org}/teams/{team_slug}/memberships/{username}";
const read = { name: "members", level: "read" } as const;
const write = { name: "members", level: "write" } as const;

export const teamMembershipRoutes: readonly Route[] = [
  { method: "GET", path: members, permission: read, handle: list },
  { method: "GET", path: one, permission: read, handle: get },
  { method: "PUT", path: one, permission: write, handle: join },
  { method: "DELETE", path: one, permission: write, handle: leave },
];

function list(context: Context): Promise<Answer> {
  const organisation = organisationOf(context);
  const teams = withChildren(organisation, teamOf(organisation, context));
  const wanted = context.query.get("role") ?? "all";
  const people = teams.flatMap(({ members }) =>
    [...members].filter(([, role]) => wanted === "all" || role === wanted),
  );
  const accounts = [...new Set(people.map(([account]) => account))];
  return paginate(context, accounts, (account) => presentUser(context.hub.store, account));
}

/** Members of child teams are members, whatever they are there. */
function get(context: Context): Answer {
  const organisation = organisationOf(context);
  const team = teamOf(organisation, context);
  const user = accountNamed(context);
  if (!withChildren(organisation, team).some(({ members }) => members.has(user))) throw notFound();
  return { status: 200, body: presentMembership(context, team, user) };
}

function join(context: Context): Answer {
  const organisation = ownedOrganisationOf(context);
  const team = teamOf(organisation, context);
  const user = accountNamed(context);
  if (!organisation.members.has(user)) {
    // github.com would send an invitation and answer `pending`; nobody here reads mail.
    throw new ApiError(422, "Cannot add someone who is not a member of the organization.");
  }
  const isNew = !team.members.has(user);
  team.members.set(user, optionalWord(context.body, "role", ["member", "maintainer"]) ?? "member");
  if (isNew) tell(context, "added", { team, user });
  return { status: 200, body: presentMembership(context, team, user) };
}

function leave(context: Context): Answer {
  const team = teamOf(ownedOrganisationOf(context), context);
  const user = accountNamed(context);
  if (!team.members.delete(user)) throw notFound();
  tell(context, "removed", { team, user });
  return { status: 204 };
}

function presentMembership({ hub }: Context, team: Team, user: Account): Record<string, unknown> {
  const of = `${hub.store.apiUrl}/organizations/${team.organisation.id}/team/${team.id}`;
  const role = team.members.get(user) ?? "member";
  return { url: `${of}/memberships/${user.login}`, role, state: "active" };
}

function tell(
  context: Context,
  action: "added" | "removed",
  { team, user }: { team: Team; user: Account },
): void {
  const { store } = context.hub;
  emit(context.hub, {
    event: "membership",
    action,
    organisation: team.organisation,
    sender: writerOf(context),
    payload: { scope: "team", member: presentUser(store, user), team: presentToldTeam(store, team) },
  });
}
