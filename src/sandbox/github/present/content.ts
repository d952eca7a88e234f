/** Files and folders of a commit as JSON. */

import type { TreeEntry } from "../git/object-text.ts";
import type { Repository } from "../repository-state.ts";
import type { Store } from "../store.ts";
import { apiOf, pageOfRepository } from "./repository.ts";

const kinds: Readonly<Record<string, string>> = {
  "120000": "symlink",
  "160000": "submodule",
  "040000": "dir",
};

/** What an entry has in every form. `ref` is what the client asked for. */
export function presentEntry(
  store: Store,
  repository: Repository,
  entry: TreeEntry & { readonly path: string; readonly size: number },
  ref: string,
): Record<string, unknown> {
  const api = apiOf(store, repository);
  const page = pageOfRepository(store, repository);
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const type = kinds[entry.mode] ?? "file";
  const folder = type === "dir";
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = type === "submodule" ? null : `${api}/git/${folder ? "trees" : "blobs"}/${entry.sha}`;
  const html = `${page}/${folder ? "tree" : "blob"}/${ref}/${path}`;
  return {
    name: entry.name,
    path: entry.path,
    sha: entry.sha,
    size: folder ? 0 : entry.size,
    url,
    html_url: html,
    git_url: git,
    download_url: folder ? null : `${page}/raw/${ref}/${path}`,
    type,
    _links: { self: url, git, html },
  };
}
