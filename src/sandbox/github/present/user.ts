/** Accounts as JSON: the short form that stands in other objects, and the full one. */

import type { Account } from "../state.ts";
import type { Store } from "../store.ts";
import { nodeId, time } from "./links.ts";

/** `simple-user` of the REST description and `user` of the webhook schemas. */
export function presentUser(store: Store, account: Account): Record<string, unknown> {
  const bot = account.type === "Bot";
  const api = `${store.apiUrl}/users/${encodeURIComponent(account.login)}`;
  const page = bot ? `apps/${account.login.replace(/\[bot\]$/, "")}` : account.login;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(bot ? "BOT" : account.type === "User" ? "U" : "O", account.id),
    avatar_url: `${store.webUrl}/avatars/${account.id}`,
    gravatar_id: "",
    url: api,
    html_url: `${store.webUrl}/${page}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    site_admin: account.siteAdmin,
  };
}

/** `simple-user` or null. */
export function presentOptionalUser(store: Store, account: Account | null): Record<string, unknown> | null {
  return account === null ? null : presentUser(store, account);
}

/** `public-user`. */
export function presentFullUser(store: Store, account: Account): Record<string, unknown> {
  const owned = store.repositories.filter(
    (repository) => repository.owner === account && !repository.private,
  );
  return {
    ...presentUser(store, account),
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: owned.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: time(account.createdAt),
    updated_at: time(account.createdAt),
  };
}

/** `organization-simple`; the same keys as `organization` of the webhook schemas. */
export function presentOrganisation(store: Store, account: Account): Record<string, unknown> {
  const api = `${store.apiUrl}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId("O", account.id),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${store.webUrl}/avatars/${account.id}`,
    description: null,
  };
}
