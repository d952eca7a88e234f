/** A history told as commits with their files, seen through the parts of the forge that the proof of a landing reads. */

import { type Result, fail, ok } from "../../../src/model/failure.ts";
import type { Comparison, FileChange, PullRequest } from "../../../src/model/pull.ts";
import type { CheckConclusion } from "../../../src/ports/checks.ts";
import type { RepositoryForge } from "../../../src/ports/forge.ts";

export interface Told {
  readonly parents: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** Those that a snapshot leaves out. */
  readonly unread?: readonly string[];
  /** Of files that are none, as trees have it. */
  readonly modes?: Readonly<Record<string, string>>;
}

export interface ToldPull {
  readonly head: string;
  /** The commit on main. */
  readonly landed: string;
  /** The commits that GitHub says it brought; default: the landed one. */
  readonly brings?: readonly string[];
  readonly mergedAt?: string;
  readonly base?: string;
  readonly merged?: boolean;
}

export interface History {
  readonly commits: Readonly<Record<string, Told>>;
  readonly pulls: readonly ToldPull[];
  /** The moves of main, oldest first; default: each pull request in one. */
  readonly moves?: readonly (readonly [before: string, after: string])[];
  /** By head: verdicts with their time, in any order. */
  readonly checks: Readonly<Record<string, readonly (readonly [CheckConclusion, string, text?: string])[]>>;
}

export function forgeOf(history: History): RepositoryForge {
  const pulls = history.pulls.map(pullRequest);
  const code = {
    compare: async (base: string, head: string) => compare(history, base, head),
    pullsOf: async (sha: string) =>
      ok(
        pulls.filter((_, index) =>
          (history.pulls[index]!.brings ?? [history.pulls[index]!.landed]).includes(sha),
        ),
      ),
    activity: async () =>
      ok((history.moves ?? history.pulls.map(moveOf)).map(([before, after]) => ({ before, after }))),
    lineage: async (base: string, head: string) => compare(history, base, head),
    tree: async (sha: string) => {
      const { files, modes = {} } = history.commits[sha]!;
      const entry = (path: string, text: string) => [path, { mode: modes[path] ?? "100644", sha: text }];
      return ok(new Map(Object.entries(files).map(([path, text]) => entry(path, text) as [string, object])));
    },
    snapshot: async (sha: string) => {
      const { files: all, unread = [] } = history.commits[sha]!;
      const files = Object.entries(all).filter(([path]) => !unread.includes(path));
      const bytes = files.map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
      return ok({
        sha,
        files: new Map(bytes),
        skipped: new Map(unread.map((path) => [path, "larger than 1 MiB"])),
      });
    },
  };
  function moveOf({ landed, brings }: ToldPull): readonly [string, string] {
    return [history.commits[brings?.[0] ?? landed]!.parents[0]!, landed];
  }
  const checks = {
    list: async (sha: string, name: string) =>
      ok(
        (history.checks[sha] ?? []).map(([conclusion, completedAt, text = ""], id) => ({
          id,
          name,
          sha,
          conclusion,
          completedAt,
          externalId: "",
          title: "",
          summary: "",
          text,
        })),
      ),
  };
  return { code, checks } as unknown as RepositoryForge;
}

function pullRequest({ head, landed, mergedAt, base, merged }: ToldPull, index: number): PullRequest {
  return {
    number: index + 1,
    headSha: head,
    merged: merged ?? true,
    mergedAt: mergedAt ?? "2026-01-01T12:00:00Z",
    mergeCommitSha: landed,
    baseBranch: base ?? "main",
  } as PullRequest;
}

function ancestors(history: History, sha: string): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [sha];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(history.commits[next]?.parents ?? []));
  }
  return found;
}

function compare(history: History, base: string, head: string): Result<Comparison> {
  const before = ancestors(history, base);
  const after = ancestors(history, head);
  if (history.commits[base] === undefined) return fail("not-found", "no such commit");
  const common = [...after].filter((sha) => before.has(sha));
  const mergeBase = common.find(
    (sha) => !common.some((other) => other !== sha && ancestors(history, other).has(sha)),
  );
  const status = before.has(head) ? "behind" : after.has(base) ? "ahead" : "diverged";
  const commits = [...after].filter((sha) => !before.has(sha)).toReversed();
  return ok({
    base,
    status,
    mergeBase: mergeBase!,
    commits: commits.map((sha) => ({
      sha,
      parents: history.commits[sha]!.parents,
    })) as unknown as Comparison["commits"],
    files: changed(history.commits[mergeBase!]!.files, history.commits[head]!.files),
  });
}

function changed(before: Told["files"], after: Told["files"]): readonly FileChange[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => before[path] !== after[path],
  );
  return paths.map((path) => {
    const status = after[path] === undefined ? "removed" : before[path] === undefined ? "added" : "modified";
    return { path, status, blob: after[path] ?? before[path]! };
  });
}
