/** Teams and organisations as JSON. */

import type { Organisation, Team } from "../state.ts";
import { findOrganisation, type Store } from "../store.ts";
import { nodeId, time } from "./links.ts";
import { presentOrganisation } from "./user.ts";

type Json = Record<string, unknown>;

/** `team-simple`; the webhook schemas know neither `type` nor `organization_id`, hence `presentToldTeam`. */
function presentSimpleTeam(store: Store, team: Team): Json {
  return {
    ...presentBareTeam(store, team),
    type: "organization",
    organization_id: team.organisation.id,
  };
}

export function presentTeam(store: Store, team: Team): Json {
  return {
    ...presentSimpleTeam(store, team),
    parent: team.parent && presentSimpleTeam(store, team.parent),
  };
}

/** The team as webhooks carry it. */
export function presentToldTeam(store: Store, team: Team): Json {
  return {
    ...presentBareTeam(store, team),
    parent: team.parent && presentBareTeam(store, team.parent),
  };
}

/** `team-full`. */
export function presentFullTeam(store: Store, team: Team): Json {
  return {
    ...presentTeam(store, team),
    members_count: team.members.size,
    repos_count: team.roles.size,
    created_at: time(team.organisation.createdAt),
    updated_at: time(team.organisation.createdAt),
    organization: presentFullOrganisation(store, team.organisation.login),
  };
}

function presentBareTeam(store: Store, team: Team): Json {
  const url = `${store.apiUrl}/organizations/${team.organisation.id}/team/${team.id}`;
  return {
    id: team.id,
    node_id: nodeId("T", team.id),
    url,
    html_url: `${store.webUrl}/orgs/${team.organisation.login}/teams/${team.slug}`,
    name: team.name,
    slug: team.slug,
    description: team.description,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "pull",
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
  };
}

/** `organization-full` as anybody sees it. */
export function presentFullOrganisation(store: Store, login: string): Json | undefined {
  const organisation: Organisation | undefined = findOrganisation(store, login);
  if (organisation === undefined) return undefined;
  const { account } = organisation;
  const owned = store.repositories.filter((one) => one.owner === account && !one.private);
  return {
    ...presentOrganisation(store, account),
    name: account.name ?? account.login,
    is_verified: false,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: owned.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${store.webUrl}/${account.login}`,
    created_at: time(account.createdAt),
    updated_at: time(account.createdAt),
    archived_at: null,
    type: "Organization",
  };
}
