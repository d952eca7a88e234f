import { describe, expect, test } from "vitest";
import { newestSigned } from "../../../src/flows/landing/landing.ts";
import { ok } from "../../../src/model/failure.ts";
import { createThreads } from "../../../src/threads/create-threads.ts";
import { auditText } from "../../../src/signoff/audit.ts";
import { auditRecord } from "../../signoff/records.ts";
import { type History, type Told, forgeOf } from "./history.ts";

const threads = createThreads();
const app = "apps/web";
const file = `${app}/web.yaml`;
const text = (...lines: string[]): string => lines.map((line) => `${line}\n`).join("");
const at = (files: Record<string, string>, ...parents: string[]): Told => ({ parents, files });
const signed = [["success", "2026-01-01T11:00:00Z"]] as const;

const one = { [file]: text("a", "b", "c", "d", "e"), "docs/x.md": "x" };
const two = { ...one, [file]: text("A", "b", "c", "d", "e") };
const root = at(one);

async function standing(history: Partial<History>, head: string, late = false) {
  const forge = forgeOf({ pulls: [], checks: {}, ...history, commits: { root, ...history.commits } });
  const result = await newestSigned({
    forge,
    threads,
    path: app,
    from: "root",
    head: { branch: "main", sha: head, frozen: false },
    mayBeLate: () => late,
    accepted: async () => ok(null),
  });
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const pull = { head: "h", landed: "m" };
const merged = { h: at(two, "root"), m: at(two, "root", "h") };

describe("a landing is proven", () => {
  const cases: readonly [string, Partial<History>, string][] = [
    ["by merge", { commits: merged, pulls: [pull], checks: { h: signed } }, "m"],
    [
      "by squash",
      { commits: { h: at(two, "root"), m: at(two, "root") }, pulls: [pull], checks: { h: signed } },
      "m",
    ],
    [
      "when it does not touch the app, whoever pushed it",
      { commits: { m: at({ ...one, "docs/x.md": "y" }, "root") } },
      "m",
    ],
    [
      "by the newest verdict before the merge",
      {
        commits: merged,
        pulls: [pull],
        checks: {
          h: [["action_required", "2026-01-01T10:00:00Z"], ...signed, ["failure", "2026-01-01T13:00:00Z"]],
        },
      },
      "m",
    ],
    [
      "as the clean merge with what landed before it",
      {
        commits: {
          h: at(two, "root"),
          g: at({ ...one, [file]: text("a", "b", "c", "d", "E") }, "root"),
          n: at({ ...one, [file]: text("a", "b", "c", "d", "E") }, "root", "g"),
          m: at({ ...one, [file]: text("A", "b", "c", "d", "E") }, "n", "h"),
        },
        pulls: [pull, { head: "g", landed: "n" }],
        checks: { h: signed, g: signed },
      },
      "m",
    ],
    [
      "with a file that it removes",
      {
        commits: { h: at({ "docs/x.md": "x" }, "root"), m: at({ "docs/x.md": "x" }, "root", "h") },
        pulls: [pull],
        checks: { h: signed },
      },
      "m",
    ],
  ];
  test.each(cases)("%s", async (_, history, head) => {
    expect(await standing(history, head)).toMatchObject({ sha: head, stopped: null, waiting: null });
  });

  test("in several commits of one pull request that was rebased", async () => {
    const half = { ...one, [file]: text("A", "b", "c", "d", "e") };
    const whole = { ...half, [`${app}/new.yaml`]: "new" };
    const commits = { h1: at(half, "root"), h: at(whole, "h1"), m1: at(half, "root"), m: at(whole, "m1") };
    const forge = { commits, pulls: [{ ...pull, brings: ["m1", "m"] }], checks: { h: signed } };
    const found = await standing(forge, "m");
    expect(found).toMatchObject({ sha: "m", landings: [{ pull: 1, sha: "m" }], stopped: null });
  });
});

test("a rebased pull request that touches the app only in the middle is proven", async () => {
  const docs = { ...one, "docs/x.md": "y" };
  const whole = { ...docs, [file]: text("A", "b", "c", "d", "e") };
  const last = { ...whole, "docs/z.md": "z" };
  const commits = {
    h: at(last, "root"),
    m1: at(docs, "root"),
    m2: at(whole, "m1"),
    m: at(last, "m2"),
  };
  const forge = { commits, pulls: [{ ...pull, brings: ["m1", "m2", "m"] }], checks: { h: signed } };
  expect(await standing(forge, "m")).toMatchObject({ sha: "m", stopped: null });
});

describe("a landing is not proven", () => {
  const evil = { ...two, [`${app}/evil.yaml`]: "evil" };
  const early = { x: at(evil, "root"), h: at({ ...evil, "docs/x.md": "y" }, "x") };
  const cases: readonly [string, Partial<History>, RegExp][] = [
    ["by a push", { commits: { m: at(two, "root") } }, /did not come by a merged pull request/],
    [
      "by a pull request into another branch",
      { commits: merged, pulls: [{ ...pull, base: "next" }], checks: { h: signed } },
      /did not come/,
    ],
    [
      "by one that is only open",
      { commits: merged, pulls: [{ ...pull, merged: false }], checks: { h: signed } },
      /did not come/,
    ],
    [
      "with a file that cannot be read, which could hold anything",
      {
        commits: {
          root: { ...root, unread: [file] },
          h: { ...at(two, "root"), unread: [file] },
          m: { ...at({ ...two, [file]: "evil" }, "root", "h"), unread: [file] },
        },
        pulls: [pull],
        checks: { h: signed },
      },
      /web\.yaml is not what was signed off in pull request #1/,
    ],
    [
      "when a part was pushed before anybody looked at the rest",
      {
        commits: { ...early, m: at({ ...evil, "docs/x.md": "y" }, "x") },
        pulls: [{ ...pull, brings: ["x", "m"] }],
        checks: { h: signed },
        moves: [
          ["root", "x"],
          ["x", "m"],
        ],
      },
      /it did not come together with the rest of pull request #1/,
    ],
    ["without a verdict", { commits: merged, pulls: [pull] }, /#1 was merged without being signed off/],
    [
      "with a verdict that was taken back",
      {
        commits: merged,
        pulls: [pull],
        checks: { h: [...signed, ["action_required", "2026-01-01T11:30:00Z"]] },
      },
      /without being signed off/,
    ],
    [
      "with a success from after the merge",
      { commits: merged, pulls: [pull], checks: { h: [["success", "2026-01-01T12:00:01Z"]] } },
      /without being signed off/,
    ],
    [
      "with a file that nobody approved in the merge commit",
      { commits: { ...merged, m: at(evil, "root", "h") }, pulls: [pull], checks: { h: signed } },
      /evil\.yaml is not what was signed off in pull request #1/,
    ],
    [
      "with other content in an approved file",
      {
        commits: { ...merged, m: at({ ...two, [file]: text("B", "b", "c", "d", "e") }, "root", "h") },
        pulls: [pull],
        checks: { h: signed },
      },
      /web\.yaml is not what was signed off/,
    ],
    [
      "without a part of what was approved",
      { commits: { h: at(evil, "root"), m: at(two, "root", "h") }, pulls: [pull], checks: { h: signed } },
      /evil\.yaml is not what was signed off/,
    ],
    [
      "when it undoes lines of an approved file that landed before",
      {
        commits: {
          n: at({ ...one, [file]: text("a", "b", "c", "d", "E") }, "root"),
          g: at({ ...one, [file]: text("a", "b", "c", "d", "E") }, "root"),
          h: at(two, "root"),
          m: at(two, "n"),
        },
        pulls: [pull, { head: "g", landed: "n" }],
        checks: { h: signed, g: signed },
      },
      /web\.yaml is not what was signed off in pull request #1/,
    ],
    [
      "as a file where a symbolic link of the same text was approved",
      {
        commits: {
          h: {
            ...at({ ...one, [`${app}/x.yaml`]: "kind: X" }, "root"),
            modes: { [`${app}/x.yaml`]: "120000" },
          },
          m: at({ ...one, [`${app}/x.yaml`]: "kind: X" }, "root", "h"),
        },
        pulls: [pull],
        checks: { h: signed },
      },
      /x\.yaml is not what was signed off/,
    ],
    [
      "when it undoes what landed before",
      {
        commits: {
          n: at({ ...one, [`${app}/safe.yaml`]: "safe" }, "root"),
          g: at({ ...one, [`${app}/safe.yaml`]: "safe" }, "root"),
          h: at(two, "root"),
          m: at(two, "n", "h"),
        },
        pulls: [pull, { head: "g", landed: "n" }],
        checks: { h: signed, g: signed },
      },
      /safe\.yaml is not what was signed off/,
    ],
    [
      "when it changes the configuration without sign-off",
      { commits: { m: at({ ...one, ".github/lockkeeper.yml": "apps: []" }, "root") } },
      /did not come/,
    ],
  ];
  test.each(cases)("%s", async (_, history, reason) => {
    const found = await standing(history, "m");
    expect(found.stopped?.reason).toMatch(reason);
    expect(found.sha).not.toBe("m");
  });

  test("and everything behind it waits, signed or not", async () => {
    const three = { ...two, [`${app}/x.yaml`]: "x" };
    const commits = { p: at(two, "root"), h: at(three, "p"), m: at(three, "p", "h") };
    const found = await standing({ commits, pulls: [pull], checks: { h: signed } }, "m");
    expect(found).toMatchObject({ sha: "root", stopped: { sha: "p" } });
  });

  test("but may only be late in the first minute", async () => {
    const found = await standing({ commits: { m: at(two, "root") } }, "m", true);
    expect(found).toMatchObject({ sha: "root", stopped: null, waiting: "m" });
  });

  test("when the history was rewritten", async () => {
    const commits = { base: at(two), root: at(one, "base"), m: at({ ...two, "docs/x.md": "y" }, "base") };
    const stopped = { sha: "base", parent: "root", reason: expect.stringContaining("not on the line") };
    expect(await standing({ commits }, "m")).toMatchObject({ sha: "root", stopped });
    expect(await standing({ commits }, "base")).toMatchObject({ sha: "root", stopped });
  });
});

describe("a base that several apps share", () => {
  const base = "shared/kustomization.yaml";
  const reading = { [`${app}/kustomization.yaml`]: "resources: [../../shared]\n" };
  const before = {
    ...reading,
    [base]: "resources: [map.yaml]\n",
    "shared/map.yaml": "one",
    "other/x.yaml": "x",
  };
  const pushed = { ...before, "shared/map.yaml": "two" };
  const commits = { root: at(before) };

  test("stops the apps that read it when it is pushed, and no others", async () => {
    const history = { commits: { ...commits, m: at(pushed, "root") } };
    expect(await standing(history, "m")).toMatchObject({ sha: "root", stopped: { sha: "m" } });
    const aloof = { root: at({ ...before, [`${app}/kustomization.yaml`]: "resources: []\n" }) };
    const same = { ...aloof.root.files, "shared/map.yaml": "two" };
    expect(await standing({ commits: { ...aloof, m: at(same, "root") } }, "m")).toMatchObject({
      sha: "m",
      stopped: null,
    });
  });

  test("is proven by the pull request that changes it", async () => {
    const history = { commits: { ...commits, h: at(pushed, "root"), m: at(pushed, "root", "h") } };
    const found = await standing({ ...history, pulls: [pull], checks: { h: signed } }, "m");
    expect(found).toMatchObject({ sha: "m", landings: [{ pull: 1 }], stopped: null });
  });

  test("has to hold what the pull request showed that begins to read it", async () => {
    const apart = { ...before, [`${app}/kustomization.yaml`]: "resources: []\n" };
    const changed = { ...apart, "shared/map.yaml": "evil" };
    const both = { ...before, "shared/map.yaml": "evil" };
    const history = {
      commits: {
        root: at(apart),
        h: at(before, "root"),
        p: at(changed, "root"),
        m: at(both, "p", "h"),
      },
      pulls: [pull],
      checks: { h: signed },
    };
    expect(await standing(history, "p")).toMatchObject({ sha: "p", stopped: null });
    const reason = "shared/map.yaml is not what was signed off in pull request #1";
    expect(await standing(history, "m")).toMatchObject({ sha: "p", stopped: { sha: "m", reason } });
  });
});

describe("by the record in the check", () => {
  const hex = (text: string): string => text.repeat(40).slice(0, 40);
  const [root40, x, h, m] = ["a", "b", "c", "d"].map(hex) as [string, string, string, string];
  const hidden = { ...one, [file]: text("hidden", "b", "c", "d", "e") };
  const docs = { ...hidden, "docs/x.md": "y" };
  const record = (pull: number, mergeBase: string): string =>
    auditText([auditRecord(pull, { mergeBase, head: h })]);
  const commits = { root: at(one, root40), [root40]: at(one), [x]: at(hidden, "root"), [h]: at(docs, x) };
  const history = (text: string): Partial<History> => ({
    commits: { ...commits, [m]: at(docs, "root", h) },
    pulls: [{ head: h, landed: m }],
    checks: { [h]: [["success", "2026-01-01T11:00:00Z", text]] },
  });

  test("what was judged counts, not what the pull request shows once the branch was rewritten", async () => {
    const reason = `${file} is not what was signed off in pull request #1`;
    expect(await standing(history(record(1, x)), m)).toMatchObject({ sha: "root", stopped: { reason } });
    expect(await standing(history(record(1, root40)), m)).toMatchObject({ sha: m, stopped: null });
  });

  test("a verdict over another pull request with the same head counts for nothing", async () => {
    const reason = "pull request #1 was merged without being signed off";
    expect(await standing(history(record(2, root40)), m)).toMatchObject({ stopped: { reason } });
  });
});

describe("what nobody signed stops nothing", () => {
  const goes = async (history: Partial<History>, head = "m") =>
    expect(await standing(history, head)).toMatchObject({ sha: head, stopped: null });

  test("once it is taken back, whoever did that", async () => {
    expect(await standing({ commits: { p: at(two, "root"), m: at(one, "p") } }, "m")).toMatchObject({
      sha: "m",
      landings: [],
      stopped: null,
    });
  });

  test("once it is taken back behind what was signed off meanwhile, which is applied then", async () => {
    const pushed = text("a", "b", "c", "d", "PUSHED");
    const both = text("A", "b", "c", "d", "PUSHED");
    const commits = {
      p: at({ ...one, [file]: pushed }, "root"),
      h: at(two, "root"),
      n: at({ ...one, [file]: both }, "p", "h"),
      g: at(two, "n"),
      m: at(two, "n", "g"),
    };
    const pulls = [
      { head: "h", landed: "n" },
      { head: "g", landed: "m" },
    ];
    const history = { commits, pulls, checks: { h: signed, g: signed } };
    expect(await standing(history, "n")).toMatchObject({
      sha: "root",
      stopped: { sha: "p", parent: "root" },
    });
    const landings = [
      { sha: "n", pull: 1, head: "h" },
      { sha: "m", pull: 2, head: "g" },
    ];
    expect(await standing(history, "m")).toMatchObject({ sha: "m", stopped: null, landings });
  });

  test("in a history that was rewritten without touching the app", async () => {
    const docs = { ...one, "docs/x.md": "z" };
    await goes({
      commits: { base: at(one), root: at(one, "base"), other: at(docs, "base"), m: at(docs, "other") },
    });
  });
});

describe("of several landings that are not proven", () => {
  const three = { ...two, [`${app}/x.yaml`]: "x" };
  const commits = { p: at(two, "root"), m: at(three, "p") };

  test("the first is told, and the next once that is taken back", async () => {
    expect(await standing({ commits }, "m")).toMatchObject({ sha: "root", stopped: { sha: "p" } });
    const back = { ...commits, q: at({ ...one, [`${app}/x.yaml`]: "x" }, "m") };
    expect(await standing({ commits: back }, "q")).toMatchObject({ sha: "root", stopped: { sha: "m" } });
  });
});
