/** How commits of one repository stand to each other. */

import type { CommitObject } from "./object-text.ts";

export interface History {
  /** Commits of the head that the base has not, oldest first. */
  readonly between: (base: string, head: string) => Promise<readonly string[]>;
  readonly isAncestor: (ancestor: string, descendant: string) => Promise<boolean>;
  readonly mergeBase: (one: string, other: string) => Promise<string | undefined>;
}

/** Runs Git and answers what it printed; these exit codes are answers, too. */
type Ask = (args: readonly string[], accept: readonly number[]) => Promise<string>;
type ReadCommit = (sha: string) => Promise<CommitObject>;

/** So far a history is followed here; a process costs as much as reading many commits. */
const longestLine = 200;

/** Of ids: between them this never changes. A line of commits is followed here, and only of merges Git is asked, once. */
export function historyOf(ask: Ask, read: ReadCommit): History {
  const known = new Map<string, Promise<string>>();
  const once = (args: readonly string[]): Promise<string> => {
    const key = args.join(" ");
    const answer = known.get(key) ?? ask(args, [1]);
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    return answer;
  };
  const meet = async (base: string, head: string): Promise<Meeting | undefined> => {
    const [below, above] = [await lineFrom(read, base), await lineFrom(read, head)];
    const shared = new Set(below.commits);
    const at = above.commits.findIndex((sha) => shared.has(sha));
    return at < 0 ? undefined : { commit: above.commits[at] ?? "", before: above.commits.slice(0, at) };
  };
  return {
    between: async (base, head) => {
      const met = await meet(base, head);
      if (met !== undefined) return met.before.toReversed();
      const listed = await once(["rev-list", "--reverse", "--topo-order", head, `^${base}`]);
      return listed.split("\n").filter(Boolean);
    },
    isAncestor: async (ancestor, descendant) => {
      const line = await lineFrom(read, descendant);
      if (line.commits.includes(ancestor)) return true;
      return !line.whole && (await once(["merge-base", ancestor, descendant])) === ancestor;
    },
    mergeBase: async (one, other) => {
      const met = await meet(one, other);
      return met?.commit ?? ((await once(["merge-base", one, other])) || undefined);
    },
  };
}

interface Meeting {
  /** The first commit of the head's line that is on the base's, too. */
  readonly commit: string;
  /** The commits of the head before it, newest first. */
  readonly before: readonly string[];
}

interface Line {
  /** Newest first, up to and with the first merge. */
  readonly commits: readonly string[];
  /** Whether it goes down to the first commit of the repository. */
  readonly whole: boolean;
}

async function lineFrom(read: ReadCommit, tip: string): Promise<Line> {
  const commits: string[] = [];
  for (let at: string | undefined = tip; at !== undefined;) {
    commits.push(at);
    if (commits.length > longestLine) return { commits, whole: false };
    const { parents }: CommitObject = await read(at);
    if (parents.length > 1) return { commits, whole: false };
    at = parents[0];
  }
  return { commits, whole: true };
}
