/** The App, its installations and their tokens as JSON. */

import type { Installation, InstallationToken } from "../repository-state.ts";
import type { App } from "../state.ts";
import type { Store } from "../store.ts";
import { nodeId, optionalTime, time } from "./links.ts";
import { presentRepository } from "./repository.ts";
import { presentUser } from "./user.ts";

/** `integration` of the REST description and `app` of the webhook schemas. */
export function presentApp(store: Store, app: App): Record<string, unknown> {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    owner: presentUser(store, app.owner),
    name: app.name,
    description: null,
    external_url: `${store.webUrl}/${app.slug}`,
    html_url: `${store.webUrl}/apps/${app.slug}`,
    created_at: time(app.createdAt),
    updated_at: time(app.createdAt),
    permissions: app.permissions,
    events: app.events,
  };
}

export function presentInstallation(store: Store, installation: Installation): Record<string, unknown> {
  const { app, account } = installation;
  return {
    id: installation.id,
    client_id: app.clientId,
    account: presentUser(store, account),
    repository_selection: "selected",
    access_tokens_url: `${store.apiUrl}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${store.apiUrl}/installation/repositories`,
    html_url: `${store.webUrl}/organizations/${account.login}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: app.permissions,
    events: app.events,
    created_at: time(installation.createdAt),
    updated_at: time(installation.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.suspended ? presentUser(store, account) : null,
    suspended_at: optionalTime(installation.suspended ? installation.createdAt : null),
  };
}

export function presentInstallationToken(
  store: Store,
  secret: string,
  token: InstallationToken,
): Record<string, unknown> {
  return {
    token: secret,
    expires_at: time(token.expiresAt),
    permissions: token.permissions,
    repository_selection: "selected",
    ...(token.repositories && {
      repositories: [...token.repositories].map((repository) => presentRepository(store, repository)),
    }),
  };
}

/** `nullable-integration`, as `performed_via_github_app` has it. */
export function presentOptionalApp(store: Store, app: App | null): Record<string, unknown> | null {
  return app === null ? null : presentApp(store, app);
}
