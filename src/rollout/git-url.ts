/** Whether an address that Git understands is a repository of GitHub. */

export interface GitHubPlace {
  /** GitHub's address for people, without a slash at its end. */
  readonly webUrl: string;
  readonly owner: string;
  readonly name: string;
}

/** `https://`, `ssh://` and `git@host:owner/name`, with or without `.git`; case does not count on GitHub. */
export function isRepository(url: string | undefined, { webUrl, owner, name }: GitHubPlace): boolean {
  const short = /^(?:[^@/:]+@)?([^/:@]+):(?!\/)(.+)$/.exec(url ?? "");
  const long = short === null ? `${url}` : `ssh://git@${short[1]}/${short[2]}`;
  if (!URL.canParse(long)) return false;
  const { protocol, host, hostname, pathname } = new URL(long);
  const web = new URL(webUrl);
  const same =
    protocol === "ssh:" ? hostname === web.hostname : protocol === web.protocol && host === web.host;
  const path = pathname.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
  return same && path.toLowerCase() === `${owner}/${name}`.toLowerCase();
}

const plain = (text: string): string => text.replace(/^(?:\.?\/)+|\/+$/g, "").replace(/^\.$/, "");

/** Whether an engine reads this folder for an app: the app's own, or one in it. */
export function readsFolder(path: string | undefined, app: string): boolean {
  const [read, own] = [plain(path ?? ""), plain(app)];
  return own === "" || read === own || read.startsWith(`${own}/`);
}
