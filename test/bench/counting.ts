/** Counts what is asked of GitHub, by the adapter's own count and by what the sandbox saw. */

import type { GitHubForge } from "../../src/github/forge.ts";
import type { SandboxGitHub } from "../../src/sandbox/github.ts";

/** Requests that were sent while something ran. */
export interface Counted {
  /** By the adapter. */
  readonly total: number;
  readonly notModified: number;
  /** `GET /repos/… 304`, as the sandbox's API answered them, in order; without queries. */
  readonly seen: readonly string[];
}

export type Count = (work: () => Promise<unknown>) => Promise<Counted>;

/** Archives come from another server of the sandbox, which keeps no log; each is asked for by one answer with 302. */
export function counting(github: SandboxGitHub, forge: GitHubForge): Count {
  const seen: string[] = [];
  github.hub.observers.push(({ method, path, status }) => {
    seen.push(`${method} ${new URL(path, github.apiUrl).pathname} ${status}`);
  });
  return async (work) => {
    const { total, notModified } = forge.requests;
    seen.length = 0;
    await work();
    const during = [...seen];
    const archives = during.filter((line) => line.endsWith(" 302")).length;
    const counted = forge.requests.total - total;
    if (counted !== during.length + archives) {
      throw new Error(`the adapter counts ${counted} requests, the sandbox ${during.length + archives}`);
    }
    return { total: counted, notModified: forge.requests.notModified - notModified, seen: during };
  };
}

/** Tokens are good for an hour and whatever the App then does; they are no part of a flow's cost. */
export function withoutTokens(seen: readonly string[]): readonly string[] {
  return seen.filter((line) => !line.includes("/access_tokens "));
}

/** Questions about one person: permission and team membership. */
export function aboutPeople(seen: readonly string[]): number {
  return seen.filter((line) => /\/(?:permission|memberships\/[^/]+) \d+$/.test(line)).length;
}
