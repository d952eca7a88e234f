import { describe } from "vitest";
import { approval } from "./people.ts";
import { by, bySre, hand, objects, stale, table, unproven } from "./verdict-table.ts";

const two = "{ default: { approvals: 2, anyOf: [team:acme/sre, write] } }";
const waits = "Waiting for 1 of acme/sre.";
const grace = "Signed off by grace.";

describe("who counts", () => {
  table([
    ["nobody yet", bySre, {}, waits],
    ["one of the team", bySre, { reviews: [by("grace")] }, grace],
    ["two of the team", bySre, { reviews: [by("linus"), by("grace")] }, "Signed off by grace and linus."],
    [
      "somebody of another team",
      bySre,
      { reviews: [by("ada")] },
      `${waits} ada does not: is none of those who are asked.`,
    ],
    ["an outsider beside one of the team", bySre, { reviews: [approval("eve", []), by("grace")] }, grace],
    [
      "one person under two names of approvers",
      two,
      { reviews: [by("grace")] },
      "Waiting for 1 of acme/sre or people who can write. grace counts.",
    ],
    ["two people", two, { reviews: [by("grace"), by("ada")] }, "Signed off by ada and grace."],
    [
      "the same account twice in the list",
      two,
      { reviews: [by("grace"), by("grace")] },
      "Waiting for 1 of acme/sre or people who can write. grace counts.",
    ],
    [
      "a bot, though it is in the team",
      bySre,
      { reviews: [approval("approver[bot]", ["team:acme/sre", "write"])] },
      `${waits} approver[bot] does not: is a bot.`,
    ],
    ["a reader who is in the team", bySre, { reviews: [by("reader")] }, "Signed off by reader."],
    [
      "a reader where writers are asked",
      "{}",
      { reviews: [by("reader")] },
      "Waiting for 1 of people who can write. reader does not: is none of those who are asked.",
    ],
    [
      "a writer where maintainers are asked",
      "{ default: { approvals: 1, anyOf: [maintain] } }",
      { reviews: [by("grace")] },
      "Waiting for 1 of maintainers. grace does not: is none of those who are asked.",
    ],
    [
      "a maintainer",
      "{ default: { approvals: 1, anyOf: [maintain] } }",
      { reviews: [by("ada")] },
      "Signed off by ada.",
    ],
    ["nothing is demanded", "{ default: { approvals: 0, anyOf: [write] } }", {}, "No approval is demanded."],
    [
      "nothing is touched",
      bySre,
      { apps: [], paths: ["README.md"] },
      "Nothing to sign off: no app and no configuration is touched.",
    ],
  ]);
});

describe("who had a hand in it cannot approve it", () => {
  table([
    [
      "the author of the pull request",
      bySre,
      { author: "grace", reviews: [by("grace")] },
      `${waits} grace does not: opened the pull request.`,
    ],
    [
      "the author of a commit",
      bySre,
      { reviews: [by("grace")], hands: [hand("grace", "commit-author")] },
      `${waits} grace does not: wrote a1b2c3d.`,
    ],
    [
      "the committer of a commit that says it is by somebody else",
      bySre,
      { reviews: [by("grace")], hands: [hand("mallory", "commit-author"), hand("grace", "committer")] },
      `${waits} grace does not: committed a1b2c3d.`,
    ],
    [
      "who pushed it, under whatever e-mail address",
      bySre,
      { reviews: [by("grace"), by("linus")], hands: [hand("linus", "pusher")] },
      "Signed off by grace.",
    ],
    [
      "who pushed it, one of two who are needed",
      "{ default: { approvals: 2, anyOf: [team:acme/sre] } }",
      { reviews: [by("grace"), by("linus")], hands: [hand("linus", "pusher")] },
      `${waits} grace counts; linus does not: pushed a1b2c3d.`,
    ],
    [
      "a co-author, known by name alone",
      bySre,
      { reviews: [by("grace")], hands: [{ ...hand("grace", "co-author"), id: null, login: "GRACE" }] },
      `${waits} grace does not: is a co-author of a1b2c3d.`,
    ],
    [
      "somebody who has another name since",
      bySre,
      { reviews: [by("grace")], hands: [{ ...hand("grace", "pusher"), login: "grace-old" }] },
      `${waits} grace does not: pushed a1b2c3d.`,
    ],
    [
      "somebody else who took the name since, as the account tells",
      bySre,
      { reviews: [by("grace")], hands: [{ ...hand("mallory", "pusher"), login: "grace" }] },
      grace,
    ],
    [
      "who merged main into it on the web",
      bySre,
      { reviews: [by("grace")], hands: [hand("grace", "committer", "feedbeef00")] },
      `${waits} grace does not: committed feedbee.`,
    ],
    [
      "a commit that belongs to nobody, whoever approves",
      bySre,
      { reviews: [by("grace"), by("linus")], unattributed: ["deadbeef00"] },
      "Commit deadbee belongs to no GitHub account, so nobody can be told from its author.",
    ],
    [
      "a commit of nobody where nothing is to be signed",
      bySre,
      { apps: [], unattributed: ["deadbeef00"] },
      "Nothing to sign off: no app and no configuration is touched.",
    ],
    [
      "the one user who is asked is its author, so nobody is left",
      "{ default: { approvals: 1, anyOf: [user:ada] } }",
      { author: "ada", reviews: [by("ada")] },
      "Waiting for 1 more than all who are asked. ada does not: opened the pull request.",
    ],
    [
      "a user who is its author is not named among those who can give it",
      "{ default: { approvals: 1, anyOf: [user:ada, team:acme/sre] } }",
      { author: "ada" },
      waits,
    ],
    [
      "a user who counts already is not named again",
      "{ default: { approvals: 2, anyOf: [user:ada, team:acme/sre] } }",
      { reviews: [by("ada")] },
      `${waits} ada counts.`,
    ],
  ]);
});

describe("what an approval was given for", () => {
  table([
    [
      "another change, before a push",
      bySre,
      { reviews: [stale("grace")] },
      `${waits} grace does not: approved c0ffee1, which was another change.`,
    ],
    [
      "a change of a fork, of which nothing is proven",
      bySre,
      { reviews: [unproven("grace", "approved in a fork")] },
      `${waits} grace does not: approved in a fork.`,
    ],
    [
      "the change on another base",
      bySre,
      { reviews: [unproven("grace", "approved it before it was pointed at this base")] },
      `${waits} grace does not: approved it before it was pointed at this base.`,
    ],
    [
      "another change by one, this one by another",
      bySre,
      { reviews: [stale("grace"), by("linus")] },
      "Signed off by linus.",
    ],
    [
      "another change by somebody who is not asked either",
      bySre,
      { reviews: [stale("ada")] },
      `${waits} ada does not: is none of those who are asked.`,
    ],
    [
      "another change by its author",
      bySre,
      { author: "grace", reviews: [stale("grace")] },
      `${waits} grace does not: opened the pull request.`,
    ],
  ]);
});

describe("changes requested", () => {
  table([
    [
      "by one who could approve",
      bySre,
      { reviews: [by("grace"), objects("linus")] },
      "linus has requested changes.",
    ],
    [
      "by two",
      bySre,
      { reviews: [objects("grace"), objects("linus")] },
      "grace and linus have requested changes.",
    ],
    ["by one who could not", bySre, { reviews: [by("grace"), objects("ada")] }, grace],
    ["by its author", bySre, { author: "linus", reviews: [by("grace"), objects("linus")] }, grace],
    [
      "by a contributor",
      bySre,
      { reviews: [by("grace"), objects("linus")], hands: [hand("linus", "pusher")] },
      grace,
    ],
    [
      "for an earlier change still block",
      bySre,
      { reviews: [by("grace"), { ...stale("linus"), state: "changes-requested" }] },
      "linus has requested changes.",
    ],
    [
      "by a bot mean nothing",
      bySre,
      { reviews: [by("grace"), { ...approval("x[bot]", ["team:acme/sre"]), state: "changes-requested" }] },
      grace,
    ],
  ]);
});
