import { describe } from "vitest";
import { configPath } from "../../src/config/config.ts";
import { need, sre, writers } from "./people.ts";
import { by, hand, stale, table } from "./verdict-table.ts";

const nobody = "{ owners: [team:acme/platform], default: { approvals: 0, anyOf: [write] } }";
const one = need(1, writers);
const bySre = need(1, sre);

describe("the floor of the cluster", () => {
  table([
    ["over a default that asks nobody", nobody, { floor: one }, "Waiting for 1 of people who can write."],
    ["met", nobody, { floor: one, reviews: [by("ada")] }, "Signed off by ada."],
    [
      "of a team",
      nobody,
      { floor: bySre, reviews: [by("ada")] },
      "Waiting for 1 of acme/sre. ada does not: is none of those who are asked.",
    ],
    ["of a team, met", nobody, { floor: bySre, reviews: [by("grace")] }, "Signed off by grace."],
    [
      "of two targets",
      nobody,
      { floor: [...one, ...bySre], reviews: [by("ada")] },
      "Waiting for 1 of acme/sre. ada counts.",
    ],
    ["of nobody", nobody, { floor: need(0, writers) }, "No approval is demanded."],
    [
      "beside a rule that is stricter",
      "{ rules: [{ name: r, need: { approvals: 1, anyOf: [team:acme/security] } }] }",
      { floor: one, reviews: [by("ada")] },
      "Waiting for 1 of acme/security. ada counts.",
    ],
    [
      "not by its author",
      nobody,
      { floor: one, author: "ada", reviews: [by("ada")] },
      "Waiting for 1 of people who can write. ada does not: opened the pull request.",
    ],
    [
      "not by who pushed",
      nobody,
      { floor: one, reviews: [by("ada")], hands: [hand("ada", "pusher")] },
      "Waiting for 1 of people who can write. ada does not: pushed a1b2c3d.",
    ],
    [
      "not for another change",
      nobody,
      { floor: one, reviews: [stale("ada")] },
      "Waiting for 1 of people who can write. ada does not: approved c0ffee1, which was another change.",
    ],
    [
      "not by a rule of the repository that asks nobody",
      "{ rules: [{ name: r, need: { approvals: 0, anyOf: [write] } }] }",
      { floor: one },
      "Waiting for 1 of people who can write.",
    ],
    [
      "not for what touches no app",
      nobody,
      { floor: one, apps: [], paths: ["README.md"] },
      "Nothing to sign off: no app and no configuration is touched.",
    ],
  ]);
});

describe("the configuration", () => {
  const touched = { apps: [], paths: [configPath] } as const;
  table([
    ["is signed by its owners", nobody, { ...touched, reviews: [by("ada")] }, "Signed off by ada."],
    [
      "by nobody else",
      nobody,
      { ...touched, reviews: [by("grace")] },
      "Waiting for 1 of acme/platform. grace does not: is none of those who are asked.",
    ],
    [
      "not by an owner who wrote it",
      nobody,
      { ...touched, author: "ada", reviews: [by("ada")] },
      "Waiting for 1 of acme/platform. ada does not: opened the pull request.",
    ],
    ["by administrators where nobody owns it", "{}", touched, "Waiting for 1 of administrators."],
    [
      "beside the apps of the same change",
      "{ owners: [team:acme/platform], rules: [{ name: r, need: { approvals: 1, anyOf: [team:acme/sre] } }] }",
      { paths: [configPath], reviews: [by("ada")] },
      "Waiting for 1 of acme/sre. ada counts.",
    ],
    [
      "not by a rule of that name",
      "{ owners: [team:acme/platform], rules: [{ name: configuration, need: { approvals: 0, anyOf: [write] } }, { name: x, need: { approvals: 0, anyOf: [write] }, instead: configuration }] }",
      { paths: [configPath] },
      "Waiting for 1 of acme/platform.",
    ],
    [
      "not by a rule on its path that asks nobody",
      `{ owners: [team:acme/platform], rules: [{ name: r, when: { paths: ${configPath} }, need: { approvals: 0, anyOf: [write] } }] }`,
      touched,
      "Waiting for 1 of acme/platform.",
    ],
  ]);
});
