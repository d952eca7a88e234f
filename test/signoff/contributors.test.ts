import { describe, expect, test } from "vitest";
import type { Commit, Person, RefActivity } from "../../src/model/pull.ts";
import { contributions } from "../../src/signoff/contributors.ts";
import { person, robot } from "./people.ts";

const webFlow: Person = { id: 19864447, login: "web-flow", bot: false };

function commit(sha: string, author: Person | null, more: Partial<Commit> = {}): Commit {
  return { sha, tree: "t", parents: [], message: "m", author, committer: author, verified: false, ...more };
}

function move(actor: Person | null, after: string, type: RefActivity["type"] = "push"): RefActivity {
  return { before: "x", after, actor, at: "2026-11-22T10:00:00Z", type };
}

const ours = commit("bot1", robot, { committer: webFlow, verified: true });
const text = (commits: readonly Commit[], moves: readonly RefActivity[]) =>
  contributions(commits, moves, robot).contributors.map(({ login, part, sha }) => `${login} ${part} ${sha}`);

describe("who had a hand in a change", () => {
  test.each<[string, readonly Commit[], readonly RefActivity[], readonly string[]]>([
    [
      "our own commit is nobody's but GitHub's, which signed it",
      [ours],
      [move(robot, "bot1", "branch_creation")],
      ["web-flow committer bot1"],
    ],
    [
      "somebody who signs a commit in our name is its committer",
      [commit("c1", robot, { committer: person("grace"), verified: true })],
      [],
      ["grace committer c1"],
    ],
    [
      "author, committer and pusher may be three",
      [commit("c1", person("ada"), { committer: person("grace") })],
      [move(person("linus"), "c1", "branch_creation")],
      ["ada commit-author c1", "grace committer c1", "linus pusher c1"],
    ],
    [
      "co-authors by GitHub's own address, old and new form",
      [
        commit("c1", person("ada"), {
          message:
            "x\n\nCo-authored-by: G <7+grace@users.noreply.github.com>\nco-authored-by: L <linus@users.noreply.github.com>\nCo-authored-by: Z <z@example.org>",
        }),
      ],
      [],
      ["ada commit-author c1", "ada committer c1", "grace co-author c1", "linus co-author c1"],
    ],
    [
      "who pushed before we replaced the branch is not in it any more",
      [ours],
      [
        move(robot, "bot1", "force_push"),
        move(person("mallory"), "evil"),
        move(robot, "bot0", "branch_creation"),
      ],
      ["web-flow committer bot1"],
    ],
    [
      "who pushed after us is",
      [ours],
      [move(person("mallory"), "bot1", "force_push"), move(robot, "bot2", "force_push")],
      ["web-flow committer bot1", "mallory pusher bot1"],
    ],
    [
      "an earlier branch of the same name is another story",
      [commit("c1", person("ada"))],
      [move(person("ada"), "c1", "branch_creation"), move(person("grace"), "old", "branch_deletion")],
      ["ada commit-author c1", "ada committer c1", "ada pusher c1"],
    ],
  ])("%s", (_, commits, moves, found) => {
    expect(text(commits, moves)).toEqual(found);
  });

  test.each<[string, Commit, RefActivity, readonly string[]]>([
    ["a commit of an unknown author", commit("c1", null), move(person("ada"), "c1"), ["c1"]],
    [
      "a commit of an unknown committer",
      commit("c1", person("ada"), { committer: null }),
      move(person("ada"), "c1"),
      ["c1"],
    ],
    [
      "a commit made on the web, of which GitHub vouches for the author",
      commit("c1", person("ada"), { committer: null, verified: true }),
      move(person("ada"), "c1"),
      [],
    ],
    [
      "our name on a commit that GitHub did not sign",
      commit("c1", robot, { committer: null }),
      move(person("ada"), "c1"),
      ["c1"],
    ],
    ["a move by nobody", commit("c1", person("ada")), move(null, "c1"), ["c1"]],
    ["our own", ours, move(robot, "bot1"), []],
  ])("%s: unattributed", (_, commit, move, found) => {
    expect(contributions([commit], [move], robot).unattributed).toEqual(found);
  });
});
