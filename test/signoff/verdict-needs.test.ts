import { describe } from "vitest";
import { approval } from "./people.ts";
import { by, hand, objects, stale, table } from "./verdict-table.ts";

const byNeed = (need: string): string => `{ rules: [{ name: r, need: ${need} }] }`;
const counts = byNeed(
  "{ allOf: [{ approvals: 1, anyOf: [team:acme/sre] }, { approvals: 1, anyOf: [team:acme/security] }] }",
);
const members = byNeed("{ approvals: 2, anyOf: ['org:acme'] }");

describe("several counts", () => {
  table([
    ["none yet", counts, {}, "Waiting for 1 of acme/sre and 1 of acme/security."],
    ["one of them", counts, { reviews: [by("grace")] }, "Waiting for 1 of acme/security. grace counts."],
    ["one person for both", counts, { reviews: [by("linus")] }, "Signed off by linus."],
    [
      "nobody for both of two of one team",
      byNeed(
        "{ allOf: [{ approvals: 2, anyOf: [team:acme/sre] }, { approvals: 1, anyOf: [team:acme/security] }] }",
      ),
      { reviews: [by("linus")] },
      "Waiting for 1 of acme/sre. linus counts.",
    ],
    [
      "a person once in each",
      byNeed("{ allOf: [{ approvals: 2, anyOf: [team:acme/sre, team:acme/security] }] }"),
      { reviews: [by("linus")] },
      "Waiting for 1 of acme/sre or acme/security. linus counts.",
    ],
    [
      "a contributor for neither",
      counts,
      { reviews: [by("linus")], hands: [hand("linus", "pusher")] },
      "Waiting for 1 of acme/sre and 1 of acme/security. linus does not: pushed a1b2c3d.",
    ],
    [
      "the default",
      "{ default: { allOf: [{ approvals: 1, anyOf: [write] }, { approvals: 1, anyOf: [maintain] }] } }",
      { reviews: [by("grace")] },
      "Waiting for 1 of maintainers. grace counts.",
    ],
  ]);
});

describe("members of an organisation", () => {
  table([
    ["two", members, { reviews: [by("ada"), by("grace")] }, "Signed off by ada and grace."],
    [
      "one, and somebody from outside",
      members,
      { reviews: [by("ada"), by("mallory")], author: "bob" },
      "Waiting for 1 of members of acme. ada counts; mallory does not: is none of those who are asked.",
    ],
  ]);
});

const owners = byNeed("{ approvals: 1, anyOf: [codeowners] }");
const web = "apps/web/production/web.yaml";
const api = "apps/api/production/web.yaml";
const two = { apps: ["web production", "api production"] };
const split = "/apps/web/ @grace\n/apps/api/ @ada\n";

describe("code owners", () => {
  table([
    ["the owner", owners, { codeowners: "* @grace", reviews: [by("grace")] }, "Signed off by grace."],
    [
      "not somebody else",
      owners,
      { codeowners: "* @grace", reviews: [by("linus")] },
      `Waiting for 1 of code owners (grace for ${web}). linus does not: is none of those who are asked.`,
    ],
    [
      "one of the owning team",
      owners,
      { codeowners: "* @acme/sre", reviews: [by("linus")] },
      "Signed off by linus.",
    ],
    [
      "an owner who cannot write",
      owners,
      { codeowners: "* @acme/sre", reviews: [by("reader")] },
      `Waiting for 1 of code owners (acme/sre for ${web}). reader does not: is none of those who are asked.`,
    ],
    [
      "an owner who wrote it",
      owners,
      { codeowners: "* @grace", author: "grace", reviews: [by("grace")] },
      `Waiting for 1 of code owners (grace for ${web}). grace does not: opened the pull request.`,
    ],
    [
      "an owner who saw another change",
      owners,
      { codeowners: "* @grace", reviews: [stale("grace")] },
      `Waiting for 1 of code owners (grace for ${web}). grace does not: approved c0ffee1, which was another change.`,
    ],
    [
      "an owner who objects",
      owners,
      { codeowners: "* @grace @ada", reviews: [by("ada"), objects("grace")] },
      "grace has requested changes.",
    ],
    [
      "the last line decides",
      owners,
      { codeowners: "* @ada\n/apps/ @grace", reviews: [by("ada")] },
      `Waiting for 1 of code owners (grace for ${web}). ada does not: is none of those who are asked.`,
    ],
    [
      "owners of one file of two",
      owners,
      { ...two, codeowners: split, reviews: [by("grace")] },
      `Waiting for 1 of code owners (ada for ${api}). grace counts.`,
    ],
    [
      "owners of both files",
      owners,
      { ...two, codeowners: split, reviews: [by("grace"), by("ada")] },
      "Signed off by ada and grace.",
    ],
    [
      "one who owns both",
      owners,
      { ...two, codeowners: "* @grace @ada", reviews: [by("ada")] },
      "Signed off by ada.",
    ],
    [
      "a file without owner beside one with",
      owners,
      { ...two, codeowners: "/apps/web/ @grace", reviews: [by("grace")] },
      "Signed off by grace.",
    ],
    [
      "two approvals need two people",
      byNeed("{ approvals: 2, anyOf: [codeowners] }"),
      { codeowners: "* @acme/sre", reviews: [by("grace")] },
      "Waiting for 1 of code owners. grace counts.",
    ],
    ["no file, so whoever can write", owners, { reviews: [] }, "Waiting for 1 of people who can write."],
    [
      "nobody owns it, so whoever can write",
      owners,
      { codeowners: "/docs/ @grace", reviews: [by("mallory")], author: "bob" },
      "Signed off by mallory.",
    ],
    [
      "a line without owners takes them away",
      owners,
      { codeowners: "* @grace\n/apps/", reviews: [] },
      "Waiting for 1 of people who can write.",
    ],
    [
      "nobody owns it, but others are asked as well",
      byNeed("{ approvals: 1, anyOf: [codeowners, team:acme/security] }"),
      { reviews: [] },
      "Waiting for 1 of acme/security.",
    ],
    [
      "a line that is wrong is passed over",
      owners,
      { codeowners: "* @grace\n/apps/ grace@", reviews: [by("grace")] },
      "Signed off by grace.",
    ],
    [
      "a negated line is passed over",
      owners,
      { codeowners: "* @grace\n!/apps/ @ada", reviews: [by("ada")] },
      `Waiting for 1 of code owners (grace for ${web}). ada does not: is none of those who are asked.`,
    ],
    [
      "an address that is nobody's",
      owners,
      { codeowners: "* grace@example.org", reviews: [by("grace")] },
      `Waiting for 1 of code owners (grace@example.org (not known as an account) for ${web}). grace does not: is none of those who are asked.`,
    ],
    [
      "GitHub's own address",
      owners,
      { codeowners: "* 2+grace@users.noreply.github.com", reviews: [by("grace")] },
      "Signed off by grace.",
    ],
    [
      "or others, who count alone",
      byNeed("{ approvals: 1, anyOf: [codeowners, team:acme/security] }"),
      { ...two, codeowners: split, reviews: [by("linus")] },
      "Signed off by linus.",
    ],
    [
      "part of the owners do not count beside others",
      byNeed("{ approvals: 2, anyOf: [codeowners, team:acme/security] }"),
      { ...two, codeowners: split, reviews: [by("linus"), by("grace")] },
      `Waiting for 1 of code owners (ada for ${api}) or acme/security. grace and linus count.`,
    ],
    [
      "a renamed file has the owners of both names",
      owners,
      {
        codeowners: `${split}/old/ @linus`,
        apps: ["web production"],
        paths: ["old/x.yaml"],
        reviews: [by("grace")],
      },
      "Signed off by grace.",
    ],
    [
      "a change of CODEOWNERS is for the owners of the configuration",
      "{ owners: [team:acme/platform], rules: [{ name: r, need: { approvals: 1, anyOf: [codeowners] } }] }",
      { apps: [], paths: [".github/CODEOWNERS"], codeowners: "* @grace", reviews: [by("grace")] },
      "Waiting for 1 of acme/platform. grace does not: is none of those who are asked.",
    ],
    [
      "a CODEOWNERS in another place could hide the one that counts",
      "{ owners: [team:acme/platform], rules: [{ name: r, need: { approvals: 1, anyOf: [codeowners] } }] }",
      { apps: [], paths: ["docs/CODEOWNERS"] },
      "Waiting for 1 of acme/platform.",
    ],
    [
      "CODEOWNERS where no rule asks for it",
      "{ owners: [team:acme/platform] }",
      { apps: [], paths: ["CODEOWNERS"] },
      "Nothing to sign off: no app and no configuration is touched.",
    ],
    [
      "a rule on paths outside apps asks the owners of those",
      "{ rules: [{ name: all, need: { approvals: 0, anyOf: [write] } }, { name: charts, when: { paths: charts/** }, need: { approvals: 1, anyOf: [codeowners] } }] }",
      { paths: ["charts/a.yaml"], codeowners: "/charts/ @ada\n/apps/ @grace", reviews: [by("grace")] },
      "Waiting for 1 of code owners (ada for charts/a.yaml). grace does not: is none of those who are asked.",
    ],
    [
      "a team of another organisation by name alone",
      owners,
      { codeowners: "* @evil/sre", reviews: [approval("eve", ["team:acme/sre", "write"])] },
      `Waiting for 1 of code owners (evil/sre for ${web}). eve does not: is none of those who are asked.`,
    ],
  ]);
});
