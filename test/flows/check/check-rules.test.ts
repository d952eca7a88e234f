import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configPath, type Target } from "../../../src/config/config.ts";
import { check } from "../../../src/flows/check/check.ts";
import type { World } from "../../../src/flows/world.ts";
import { ok } from "../../../src/model/failure.ts";
import type { Key } from "../../../src/model/key.ts";
import {
  changeImage,
  checkOnce,
  checked,
  moveMain,
  openPull,
  pushFile,
  review,
  runs,
} from "../signoff-steps.ts";
import { type SignoffWorld, config, deployment, startSignoff, webFile } from "../signoff-world.ts";
import { value } from "../user-call.ts";

let signoff: SignoffWorld;

afterEach(() => signoff.github.stop());

const asks = (need: string, more = ""): string =>
  `${config.slice(0, config.indexOf("  rules:"))}  rules:\n    - { name: r, need: ${need} }\n${more}`;

const start = async (text: string, files: Readonly<Record<string, string>> = {}): Promise<void> => {
  signoff = await startSignoff({ [configPath]: text, ...files });
};

async function label(number: number, method: "POST" | "DELETE", name: string): Promise<void> {
  if (method === "POST") await signoff.as("mallory", "POST", `/issues/${number}/labels`, { labels: [name] });
  else await signoff.as("mallory", "DELETE", `/issues/${number}/labels/${name}`);
  signoff.pass();
}

describe("a rule by label", () => {
  beforeEach(async () => {
    await start(
      `${config}    - name: risky\n      when: { label: risky }\n      need: { approvals: 1, anyOf: [team:acme/platform] }\n`,
    );
  });

  test("asks as long as the label is there", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    await label(number, "POST", "risky");
    expect((await checked(signoff, sha))?.title).toBe("Waiting for 1 of acme/platform. grace counts.");
    await label(number, "DELETE", "risky");
    expect((await checked(signoff, sha))?.title).toBe("Signed off by grace.");
  });
});

test("a rule by size counts what GitHub counts", async () => {
  await start(
    `${config}    - name: large\n      when: { lines: { atLeast: 3 } }\n      need: { approvals: 1, anyOf: [team:acme/platform] }\n`,
  );
  const { sha } = await changeImage(signoff, "mallory");
  expect((await checked(signoff, sha))?.title).toBe("Waiting for 1 of acme/sre.");
  const text = deployment("1.2.0", "another note");
  const larger = await pushFile(signoff, "mallory", "larger", { path: webFile, text });
  await openPull(signoff, "mallory", "larger");
  expect((await checked(signoff, larger))?.title).toBe("Waiting for 1 of acme/sre and 1 of acme/platform.");
});

test("members of an organisation are who GitHub says", async () => {
  await start(asks("{ approvals: 1, anyOf: ['org:acme'] }"));
  const { number, sha } = await changeImage(signoff, "grace");
  await review(signoff, "mallory", number);
  expect((await checked(signoff, sha))?.title).toBe(
    "Waiting for 1 of members of acme. mallory does not: is none of those who are asked.",
  );
  await review(signoff, "ada", number);
  expect((await checked(signoff, sha))?.title).toBe("Signed off by ada.");
});

describe("code owners", () => {
  const owned = { ".github/CODEOWNERS": "/apps/web/ @acme/platform\n", CODEOWNERS: "* @mallory\n" };
  beforeEach(() => start(asks("{ approvals: 1, anyOf: [codeowners] }"), owned));

  test("sign what is theirs, by the file of the default branch that counts", async () => {
    const { number, sha } = await changeImage(signoff, "grace");
    const wait = `Waiting for 1 of code owners (acme/platform for ${webFile}).`;
    expect((await checked(signoff, sha))?.title).toBe(wait);
    await review(signoff, "mallory", number);
    expect((await checked(signoff, sha))?.title).toBe(
      `${wait} mallory does not: is none of those who are asked.`,
    );
    await review(signoff, "ada", number);
    expect((await checked(signoff, sha))?.title).toBe("Signed off by ada.");
  });

  test("are not whom the pull request says", async () => {
    await pushFile(signoff, "mallory", "coup", { path: ".github/CODEOWNERS", text: "* @grace\n" });
    const sha = await pushFile(signoff, "mallory", "coup", { path: webFile, text: deployment("6.6.6") });
    const number = await openPull(signoff, "mallory", "coup");
    signoff.pass();
    await review(signoff, "grace", number);
    expect((await checked(signoff, sha))?.title).toContain(
      "Waiting for 1 of acme/platform and 1 of code owners",
    );
  });

  test("cannot be hidden by what the archive leaves out", async () => {
    await moveMain(signoff, ".gitattributes", "CODEOWNERS export-ignore\n.github/CODEOWNERS export-ignore\n");
    const { sha } = await changeImage(signoff, "grace");
    expect((await checked(signoff, sha))?.title).toContain("acme/platform");
  });

  test("cost a request for the team and one for the permission of an approver", async () => {
    const { number, sha } = await changeImage(signoff, "grace");
    const { requests } = signoff.forge;
    value(await checkOnce(signoff, sha));
    await review(signoff, "ada", number);
    const before = requests.total;
    value(await checkOnce(signoff, sha));
    expect(requests.total - before).toBeLessThanOrEqual(8);
    expect((await runs(signoff, sha))[0]?.conclusion).toBe("success");
  });
});

describe("a freeze", () => {
  const wall = (seconds: number): string =>
    new Date(signoffNow() + seconds * 1000).toISOString().slice(0, 16);
  const signoffNow = (): number => Date.now();

  test("closes at its beginning and opens at its end without any event", async () => {
    const freeze = `  freeze: [{ name: holidays, environments: [production], begins: ${wall(1200)}, ends: ${wall(1800)} }]\n`;
    await start(`${config}${freeze}`);
    const waits: { readonly key: Key; readonly seconds: number }[] = [];
    const add = (key: Key, seconds = 0): void => void waits.push({ key, seconds });
    const world: World = { ...signoff.world, queue: { add } };
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    const key = { flow: "check", repository: signoff.repository, sha } as const;
    const titles: (string | undefined)[] = [];
    for (let round = 0; round < 3; round += 1) {
      value(await check(world, key));
      titles.push((await runs(signoff, sha))[0]?.title);
      const wait = waits.at(-1);
      if (round < 2) expect(wait).toMatchObject({ key });
      signoff.pass(wait?.seconds);
    }
    expect(titles).toEqual([
      "Signed off by grace.",
      expect.stringMatching(/^Frozen until .* UTC \(holidays\)\.$/),
      "Signed off by grace.",
    ]);
    expect(waits).toHaveLength(2);
  });

  test("that is far away is looked at again within a day", async () => {
    await start(
      `${config}  freeze: [{ name: f, begins: ${wall(90 * 86_400)}, ends: ${wall(91 * 86_400)} }]\n`,
    );
    const waits: number[] = [];
    const { sha } = await changeImage(signoff, "mallory");
    const world = { ...signoff.world, queue: { add: (_: Key, seconds = 0) => void waits.push(seconds) } };
    value(await check(world, { flow: "check", repository: signoff.repository, sha }));
    expect(waits).toEqual([86_400]);
  });
});

describe("the floor of a target", () => {
  const floored = (repository: string): Target => ({
    repository,
    paths: ["apps/**"],
    namespaces: ["*"],
    allowedKinds: [],
    serviceAccount: "self",
    baseline: "none",
    floor: { approvals: 1, anyOf: [{ type: "team", team: "acme/platform" }] },
  });

  test.each([
    ["by its name", "Acme/GitOps", undefined, true],
    ["by its id, under an older name", "acme/before", "same", true],
    ["but not another repository's", "acme/other", undefined, false],
    ["but not that of whoever had the name before", "acme/gitops", "other", false],
  ])("holds the repository %s", async (_, name, pinned, holds) => {
    await start(config);
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    const { id } = signoff.repository;
    const ids = { same: id, other: id + 1 };
    const repositoryIds = async () => ok(() => (pinned === undefined ? undefined : ids[pinned as "same"]));
    const world = { ...signoff.world, targets: [floored(name)], repositoryIds };
    value(await check(world, { flow: "check", repository: signoff.repository, sha }));
    const title = holds ? "Waiting for 1 of acme/platform. grace counts." : "Signed off by grace.";
    expect((await runs(signoff, sha))[0]?.title).toBe(title);
  });
});
