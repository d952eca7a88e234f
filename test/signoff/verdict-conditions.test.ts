import { describe } from "vitest";
import { type Row, by, hand, table } from "./verdict-table.ts";

const lenient = "need: { approvals: 0, anyOf: [write] }";
const strict = "need: { approvals: 1, anyOf: [team:acme/sre] }";
const rule = (when: string, need: string): string => `{ rules: [{ name: r, when: { ${when} }, ${need} }] }`;
const free = "No approval is demanded.";
const byDefault = "Waiting for 1 of people who can write.";
const bySre = "Waiting for 1 of acme/sre.";
const bot = { author: "renovate[bot]" };

/** A lenient rule lets through only what it covers whole; a strict one is asked for as soon as a part of it is met. */
const both = (name: string, when: string, pull: Row[2], met: "whole" | "part" | "no"): readonly Row[] => [
  [`${name}, lenient`, rule(when, lenient), pull, met === "whole" ? free : byDefault],
  [
    `${name}, strict`,
    rule(when, strict),
    pull,
    { whole: bySre, part: "Waiting for 1 of acme/sre and 1 of people who can write.", no: byDefault }[met],
  ],
];

describe("environment, app and path", () => {
  table([
    ...both("the environment", "environment: production", {}, "whole"),
    ...both("another environment", "environment: staging", {}, "no"),
    ...both(
      "one of two environments",
      "environment: production",
      { apps: ["web production", "web staging"] },
      "part",
    ),
    ...both("a glob", "environment: [dev, prod*]", {}, "whole"),
    ...both("the app", "app: web", {}, "whole"),
    ...both(
      "app and environment of two different apps",
      "app: web, environment: staging",
      { apps: ["web production", "api staging"] },
      "no",
    ),
    ...both("all paths of the app", "paths: apps/**", {}, "whole"),
    ...both(
      "some paths of the change, outside apps",
      "paths: charts/**",
      { paths: ["charts/a.yaml"] },
      "part",
    ),
    ...both("no path", "paths: charts/**", {}, "no"),
    ...both("a pattern that is no extended glob", "environment: production+", {}, "no"),
  ]);
});

describe("kind and author", () => {
  table([
    ...both("the kind", "kind: minor", {}, "whole"),
    ...both("a kind beside another one", "kind: patch", { kinds: ["patch", "other"] }, "part"),
    ...both("another kind", "kind: patch", { kinds: ["major"] }, "no"),
    ...both("the author", "author: 'renovate[bot]'", bot, "whole"),
    ...both("the author in another case", "author: 'Renovate[Bot]'", bot, "whole"),
    ...both(
      "an author whom the brackets would match as letters",
      "author: 'renovate[bot]'",
      { author: "renovateb" },
      "no",
    ),
    ...both(
      "a bot's branch that somebody pushed to",
      "author: 'renovate[bot]'",
      { ...bot, pushers: ["mallory"] },
      "part",
    ),
    ...both(
      "a bot's branch of which nobody knows who pushed",
      "author: 'renovate[bot]'",
      { ...bot, pushers: null },
      "part",
    ),
    ...both("an author who only pushed", "author: ada", { pushers: ["ada"] }, "part"),
    ...both(
      "somebody who impersonates a bot by name",
      "author: 'renovate[bot]'",
      { author: "renovate-bot" },
      "no",
    ),
  ]);
});

describe("a label only adds", () => {
  table([
    ...both("the label", "label: trivial", { labels: ["trivial"] }, "part"),
    ...both("the label in another case", "label: Trivial", { labels: ["TRIVIAL"] }, "part"),
    ...both("a glob", "label: 'size*'", { labels: ["size-l"] }, "part"),
    ...both("another label", "label: trivial", { labels: ["big"] }, "no"),
    ...both("no label", "label: '*'", {}, "no"),
    ...both(
      "label and environment",
      "label: trivial, environment: production",
      { labels: ["trivial"] },
      "part",
    ),
    [
      "a label beside a rule that covers",
      "{ rules: [{ name: a, need: { approvals: 1, anyOf: [team:acme/sre] } }, { name: b, when: { label: risky }, need: { approvals: 1, anyOf: [team:acme/security] } }] }",
      { labels: ["risky"], reviews: [by("grace")] },
      "Waiting for 1 of acme/security. grace counts.",
    ],
    [
      "one person of both teams answers both",
      "{ rules: [{ name: a, need: { approvals: 1, anyOf: [team:acme/sre] } }, { name: b, when: { label: risky }, need: { approvals: 1, anyOf: [team:acme/security] } }] }",
      { labels: ["risky"], reviews: [by("linus")] },
      "Signed off by linus.",
    ],
  ]);
});

describe("the size", () => {
  const sized = (lines: number, exact = true) => ({ size: { lines, exact } });
  table([
    ...both("at least, exactly", "lines: { atLeast: 200 }", sized(200), "whole"),
    ...both("at least, one less", "lines: { atLeast: 200 }", sized(199), "no"),
    ...both("at least, with a file that nobody counted", "lines: { atLeast: 200 }", sized(3, false), "part"),
    ...both("at most, exactly", "lines: { atMost: 10 }", sized(10), "whole"),
    ...both("at most, one more", "lines: { atMost: 10 }", sized(11), "no"),
    ...both("at most, with a file that nobody counted", "lines: { atMost: 10 }", sized(0, false), "part"),
    ...both("between", "lines: { atLeast: 5, atMost: 10 }", sized(7), "whole"),
  ]);
});

describe("conditions and people", () => {
  table([
    [
      "a contributor signs no lenient rule either",
      rule("lines: { atMost: 10 }", "need: { approvals: 1, anyOf: [write] }"),
      { reviews: [by("ada")], hands: [hand("ada", "pusher")] },
      "Waiting for 1 of people who can write. ada does not: pushed a1b2c3d.",
    ],
  ]);
});
