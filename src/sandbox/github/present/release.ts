/** A release as JSON. */

import type { Release, Repository } from "../repository-state.ts";
import type { Store } from "../store.ts";
import { nodeId, time } from "./links.ts";
import { apiOf, pageOfRepository } from "./repository.ts";
import { presentUser } from "./user.ts";

export function presentRelease(
  store: Store,
  repository: Repository,
  release: Release,
): Record<string, unknown> {
  const api = apiOf(store, repository);
  const url = `${api}/releases/${release.id}`;
  const tag = encodeURIComponent(release.tag);
  return {
    url,
    html_url: `${pageOfRepository(store, repository)}/releases/tag/${tag}`,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    tarball_url: `${api}/tarball/${tag}`,
    zipball_url: `${api}/zipball/${tag}`,
    id: release.id,
    node_id: nodeId("RE", release.id),
    tag_name: release.tag,
    target_commitish: repository.defaultBranch,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    created_at: time(release.createdAt),
    published_at: release.draft ? null : time(release.createdAt),
    author: presentUser(store, release.author),
    assets: [],
  };
}
