/** Where the sources of an image are, as far as GitHub has them. */

/** A repository of GitHub. */
export interface SourceRepository {
  readonly owner: string;
  readonly name: string;
}

const repository =
  /^\/([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))\/([A-Za-z0-9._-]{1,100}?)(?:\.git)?\/?(?:$|\/tree\/|\/blob\/|[?#])/;

/**
 * The repository that a source label names, which is an address or a git remote; null where it is none of this GitHub's, as
 * nothing is asked of other hosts. `webUrl` is GitHub's, without a slash at its end.
 */
export function sourceRepository(label: string, webUrl: string): SourceRepository | null {
  const address = label
    .trim()
    .replace(/^git@([^:/]+):/, "https://$1/")
    .replace(/^(?:git\+|git:)/, "");
  const url = URL.parse(address.startsWith("//") ? `https:${address}` : address);
  if (url === null || url.host.replace(/^www\./, "") !== URL.parse(webUrl)?.host) return null;
  const [, owner = "", name = ""] = repository.exec(url.pathname) ?? [];
  return owner === "" || name === "." || name === ".." ? null : { owner, name };
}

/** A commit by its full id: what stands in a link is nothing else. */
const commit = /^[0-9a-f]{40}$/;

/** The page that compares two commits of the sources; null unless both are full ids. */
export function comparePage(
  webUrl: string,
  { owner, name }: SourceRepository,
  revisions: { readonly from: string | null; readonly to: string | null },
): string | null {
  const { from, to } = revisions;
  if (from === null || to === null || from === to || !commit.test(from) || !commit.test(to)) return null;
  return `${webUrl}/${owner}/${name}/compare/${from}...${to}`;
}
