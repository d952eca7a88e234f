/** Organisations and who belongs to them. */

import type { Answer } from "../answer.ts";
import { notFound } from "../api-error.ts";
import { emit } from "../emit.ts";
import { optionalWord } from "../input.ts";
import { accountNamed, organisationOf, ownedOrganisationOf } from "../organisation-access.ts";
import { paginate } from "../page.ts";
import { presentFullOrganisation } from "../present/team.ts";
import { presentOrganisation, presentUser } from "../present/user.ts";
import type { Context, Route } from "../router.ts";
import type { Account, Organisation } from "../state.ts";
import { writerOf } from "../writer.ts";

const members = { name: "members", level: "read" } as const;
const change = { name: "members", level: "write" } as const;
const membership = "/orgs/{org}/memberships/{username}";

export const organisationRoutes: readonly Route[] = [
  { method: "GET", path: "/orgs/{org}", handle: get },
  { method: "GET", path: "/orgs/{org}/members", permission: members, handle: list },
  { method: "GET", path: "/orgs/{org}/members/{username}", permission: members, handle: isMember },
  { method: "GET", path: membership, permission: members, handle: getMembership },
  { method: "PUT", path: membership, permission: change, handle: join },
  { method: "DELETE", path: membership, permission: change, handle: leave },
];

/** Anybody may see that an organisation exists. */
function get({ hub, params }: Context): Answer {
  const body = presentFullOrganisation(hub.store, params["org"] ?? "");
  if (body === undefined) throw notFound();
  return { status: 200, body };
}

function list(context: Context): Promise<Answer> {
  const wanted = context.query.get("role") ?? "all";
  const people = [...organisationOf(context).members]
    .filter(([, role]) => wanted === "all" || role === wanted)
    .map(([account]) => account);
  return paginate(context, people, (account) => presentUser(context.hub.store, account));
}

function isMember(context: Context): Answer {
  if (!organisationOf(context).members.has(accountNamed(context))) throw notFound();
  return { status: 204 };
}

function getMembership(context: Context): Answer {
  const organisation = organisationOf(context);
  const user = accountNamed(context);
  if (!organisation.members.has(user)) throw notFound();
  return { status: 200, body: presentMembership(context, organisation, user) };
}

/** Everybody joins at once; github.com would send an invitation. */
function join(context: Context): Answer {
  const organisation = ownedOrganisationOf(context);
  const user = accountNamed(context);
  const isNew = !organisation.members.has(user);
  const role = optionalWord(context.body, "role", ["admin", "member"]);
  organisation.members.set(user, role ?? organisation.members.get(user) ?? "member");
  if (isNew) tell(context, "member_added", { organisation, user });
  return { status: 200, body: presentMembership(context, organisation, user) };
}

/** Whoever leaves an organisation leaves its teams. */
function leave(context: Context): Answer {
  const organisation = ownedOrganisationOf(context);
  const user = accountNamed(context);
  if (!organisation.members.has(user)) throw notFound();
  tell(context, "member_removed", { organisation, user });
  organisation.members.delete(user);
  for (const team of organisation.teams) team.members.delete(user);
  return { status: 204 };
}

function presentMembership(
  context: Context,
  organisation: Organisation,
  user: Account,
): Record<string, unknown> {
  const { store } = context.hub;
  const { account, members } = organisation;
  const organization_url = `${store.apiUrl}/orgs/${account.login}`;
  return {
    url: `${organization_url}/memberships/${user.login}`,
    state: "active",
    role: members.get(user),
    organization_url,
    organization: presentOrganisation(store, account),
    user: presentUser(store, user),
  };
}

function tell(
  context: Context,
  action: "member_added" | "member_removed",
  { organisation, user }: { organisation: Organisation; user: Account },
): void {
  const { organization: _, ...membership } = presentMembership(context, organisation, user);
  const told = { event: "organization", action, organisation: organisation.account };
  emit(context.hub, { ...told, sender: writerOf(context), payload: { membership } });
}
