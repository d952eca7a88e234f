/** Who may ask about an organisation, its teams and their members. */

import { ApiError, notAccessible, notFound } from "./api-error.ts";
import type { Context } from "./router.ts";
import type { Account, Organisation, Team } from "./state.ts";
import { findAccount, findOrganisation } from "./store.ts";

/** The organisation of `{org}`, for its members and for the App where it is installed on it. */
export function organisationOf(context: Context): Organisation {
  const { hub, params, actor } = context;
  const organisation = findOrganisation(hub.store, params["org"] ?? "");
  if (organisation === undefined) throw notFound();
  if (actor.kind === "installation" && actor.token.installation.account !== organisation.account) {
    throw notAccessible();
  }
  if (actor.kind === "anonymous") throw new ApiError(401, "Requires authentication");
  if (actor.kind === "user" && !organisation.members.has(actor.user)) throw notFound();
  return organisation;
}

/** The organisation, for its owners only. */
export function ownedOrganisationOf(context: Context): Organisation {
  const organisation = organisationOf(context);
  const { actor } = context;
  if (actor.kind !== "user" || organisation.members.get(actor.user) !== "admin") {
    throw new ApiError(403, "You must be an admin of this organization.");
  }
  return organisation;
}

/** The team of `{team_slug}`. */
export function teamOf(organisation: Organisation, { params }: Context): Team {
  const team = organisation.teams.find(({ slug }) => slug === params["team_slug"]);
  if (team === undefined) throw notFound();
  return team;
}

export function accountNamed({ hub, params }: Context): Account {
  const account = findAccount(hub.store, params["username"] ?? "");
  if (account === undefined || account.type === "Organization") throw notFound();
  return account;
}

/** The team and all below it: whoever is in a child team is a member of its parents. */
export function withChildren(organisation: Organisation, team: Team): Team[] {
  const children = organisation.teams.filter(({ parent }) => parent === team);
  return [team, ...children.flatMap((child) => withChildren(organisation, child))];
}
