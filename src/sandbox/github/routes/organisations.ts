/** Organisations and who belongs to them. */

import type { Answer } from "../answer.ts";
import { notFound } from "../api-error.ts";
import { accountNamed, organisationOf } from "../organisation-access.ts";
import { paginate } from "../page.ts";
import { presentFullOrganisation } from "../present/team.ts";
import { presentOrganisation, presentUser } from "../present/user.ts";
import type { Context, Route } from "../router.ts";

const members = { name: "members", level: "read" } as const;

export const organisationRoutes: readonly Route[] = [
  { method: "GET", path: "/orgs/{org}", handle: get },
  { method: "GET", path: "/orgs/{org}/members", permission: members, handle: list },
  { method: "GET", path: "/orgs/{org}/members/{username}", permission: members, handle: isMember },
  { method: "GET", path: "/orgs/{org}/memberships/{username}", permission: members, handle: membership },
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

function membership(context: Context): Answer {
  const { store } = context.hub;
  const { account, members } = organisationOf(context);
  const user = accountNamed(context);
  const role = members.get(user);
  if (role === undefined) throw notFound();
  const organization_url = `${store.apiUrl}/orgs/${account.login}`;
  return {
    status: 200,
    body: {
      url: `${organization_url}/memberships/${user.login}`,
      state: "active",
      role,
      organization_url,
      organization: presentOrganisation(store, account),
      user: presentUser(store, user),
    },
  };
}
