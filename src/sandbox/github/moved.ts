/** Repositories by number and by a name that they had before, as GitHub's own links and redirects use them. */

import { maySee, type Actor } from "./actor.ts";
import type { Answer } from "./answer.ts";
import type { Repository } from "./repository-state.ts";
import { findRepository, fullNameOf, type Store } from "./store.ts";

/** The path with the repository's name where it was called by its number. */
export function namedPath(store: Store, path: string): string {
  const found = /^\/repositories\/(\d+)(?=\/|$)/.exec(path);
  const repository = found && store.repositories.find(({ id }) => id === Number(found[1]));
  return repository ? path.replace(found[0], `/repos/${fullNameOf(repository)}`) : path;
}

/** The repository that has this name, else the one that once had it. */
export function repositoryNamed(store: Store, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  const named = findRepository(store, owner, name);
  return named ?? store.repositories.find(({ formerNames }) => formerNames.includes(wanted));
}

/** The redirect to a renamed repository, for whoever may see it: 301 for reading, 307 for writing. */
export function redirectToMoved(
  store: Store,
  call: {
    readonly method: string;
    readonly url: URL;
    readonly actor: Actor;
    readonly params: Readonly<Record<string, string>>;
  },
): Answer | undefined {
  const { owner, repo } = call.params;
  if (owner === undefined || repo === undefined) return undefined;
  if (findRepository(store, owner, repo)) return undefined;
  const repository = repositoryNamed(store, owner, repo);
  if (!repository || !maySee(store, call.actor, repository)) return undefined;
  const rest = call.url.pathname.split("/").slice(4).join("/");
  const url = `${store.apiUrl}/repositories/${repository.id}${rest && `/${rest}`}${call.url.search}`;
  return {
    status: call.method === "GET" ? 301 : 307,
    body: {
      message: "Moved Permanently",
      url,
      documentation_url:
        "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
    },
    headers: { location: url },
  };
}

/** Gives a repository another name and remembers the old one. */
export function rename(repository: Repository, name: string): void {
  repository.formerNames.push(fullNameOf(repository).toLowerCase());
  repository.name = name;
}
