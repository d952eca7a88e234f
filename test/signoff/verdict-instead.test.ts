import { describe } from "vitest";
import { configPath } from "../../src/config/config.ts";
import { need, writers } from "./people.ts";
import { by, hand, objects, stale, table } from "./verdict-table.ts";

const production =
  "{ name: production, when: { environment: production }, need: { approvals: 2, anyOf: [team:acme/sre] } }";
const quick = (more = ""): string =>
  `{ name: quick, when: { kind: rollback${more} }, need: { approvals: 1, anyOf: [team:acme/oncall] }, instead: [production] }`;
const both = `{ owners: [team:acme/platform], rules: [${production}, ${quick()}] }`;
const back = { kinds: ["rollback"] } as const;
const either = "Waiting for 1 of acme/oncall, or else 2 of acme/sre.";

describe("a rule that takes the place of another", () => {
  table([
    ["either way is open", both, { ...back }, either],
    ["the one way", both, { ...back, reviews: [by("bob")] }, "Signed off by bob."],
    [
      "the other way",
      both,
      { ...back, reviews: [by("grace"), by("linus")] },
      "Signed off by grace and linus.",
    ],
    [
      "half of the other way",
      both,
      { ...back, reviews: [by("grace")] },
      "Waiting for 1 of acme/oncall, or else 1 of acme/sre. grace counts.",
    ],
    [
      "does not apply",
      both,
      { reviews: [by("bob")] },
      "Waiting for 2 of acme/sre. bob does not: is none of those who are asked.",
    ],
    [
      "does not let through what comes beside",
      both,
      { kinds: ["rollback", "other"], reviews: [by("bob")] },
      "Waiting for 2 of acme/sre. bob counts.",
    ],
    [
      "a contributor takes no short cut",
      both,
      { ...back, reviews: [by("bob")], hands: [hand("bob", "pusher")] },
      `${either} bob does not: pushed a1b2c3d.`,
    ],
    [
      "nor one who saw another change",
      both,
      { ...back, reviews: [stale("bob")] },
      `${either} bob does not: approved c0ffee1, which was another change.`,
    ],
    [
      "an objection of the other side blocks",
      both,
      { ...back, reviews: [by("bob"), objects("linus")] },
      "linus has requested changes.",
    ],
    [
      "not around the owners of the configuration",
      both,
      { ...back, paths: [configPath], reviews: [by("bob")] },
      "Waiting for 1 of acme/platform. bob counts.",
    ],
    [
      "not below the floor of the cluster",
      both,
      { ...back, floor: need(2, writers), reviews: [by("bob")] },
      "Waiting for 1 of people who can write. bob counts.",
    ],
    [
      "the named one is not about this app: then it is a rule as any other",
      both,
      { ...back, apps: ["web staging"] },
      "Waiting for 1 of acme/oncall.",
    ],
    [
      "and covers the app",
      both,
      { ...back, apps: ["web staging"], reviews: [by("bob")] },
      "Signed off by bob.",
    ],
    [
      "covers an app that only it covers, where it is taken",
      both,
      { ...back, apps: ["web production", "web staging"], reviews: [by("bob")] },
      "Signed off by bob.",
    ],
    [
      "leaves such an app to the default where it is not taken",
      both,
      { ...back, apps: ["web production", "web staging"], reviews: [by("grace"), by("linus")] },
      "Signed off by grace and linus.",
    ],
    [
      "which must be met as well",
      `{ default: { approvals: 1, anyOf: [maintain] }, rules: [${production}, ${quick()}] }`,
      { ...back, apps: ["web production", "web staging"], reviews: [by("grace"), by("linus")] },
      "Waiting for 1 of acme/oncall, or else 1 of maintainers. grace and linus count.",
    ],
    [
      "must cover all apps that the named one is about",
      `{ rules: [${production}, ${quick(", app: web")}] }`,
      { ...back, apps: ["web production", "api production"], reviews: [by("bob")] },
      "Waiting for 2 of acme/sre. bob counts.",
    ],
    [
      "must cover what the named one is about outside apps",
      `{ rules: [{ name: production, when: { paths: "**" }, need: { approvals: 2, anyOf: [team:acme/sre] } }, ${quick()}] }`,
      { ...back, paths: ["charts/a.yaml"], reviews: [by("bob")] },
      "Waiting for 2 of acme/sre. bob counts.",
    ],
    [
      "takes no place of one that it does not name",
      `{ rules: [${production}, { name: security, need: { approvals: 1, anyOf: [team:acme/security] } }, ${quick()}] }`,
      { ...back, reviews: [by("bob")] },
      "Waiting for 1 of acme/security. bob counts.",
    ],
    [
      "by a size that nobody counted is not taken",
      `{ rules: [${production}, { name: small, when: { lines: { atMost: 5 } }, need: { approvals: 1, anyOf: [team:acme/oncall] }, instead: production }] }`,
      { size: { lines: 0, exact: false }, reviews: [by("bob")] },
      "Waiting for 2 of acme/sre. bob counts.",
    ],
    [
      "that asks nobody is taken at once",
      `{ rules: [${production}, { name: small, when: { lines: { atMost: 5 } }, need: { approvals: 0, anyOf: [write] }, instead: production }] }`,
      {},
      "No approval is demanded.",
    ],
    [
      "two short cuts, by the second",
      `{ rules: [${production}, ${quick()}, { name: lead, when: { kind: rollback }, need: { approvals: 1, anyOf: [maintain] }, instead: production }] }`,
      { ...back, reviews: [by("ada")] },
      "Signed off by ada.",
    ],
    [
      "in a circle fulfils nothing",
      "{ rules: [{ name: a, need: { approvals: 1, anyOf: [team:acme/sre] }, instead: b }, { name: b, need: { approvals: 1, anyOf: [team:acme/oncall] }, instead: a }] }",
      { reviews: [by("ada")] },
      "Waiting for 1 of acme/sre, or else 1 of acme/oncall. ada counts.",
    ],
    [
      "in a circle, one of them is enough",
      "{ rules: [{ name: a, need: { approvals: 1, anyOf: [team:acme/sre] }, instead: b }, { name: b, need: { approvals: 1, anyOf: [team:acme/oncall] }, instead: a }] }",
      { reviews: [by("bob")] },
      "Signed off by bob.",
    ],
  ]);
});
