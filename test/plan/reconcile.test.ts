import { describe, expect, test } from "vitest";
import type { PullRequest } from "../../src/model/pull.ts";
import { closedBody, editedBody } from "../../src/plan/body-notices.ts";
import { type Setting, pullText } from "../../src/plan/body.ts";
import { noFacts } from "../../src/plan/bump-facts.ts";
import { type BumpMarker, bumpRecords, readBumpMarker } from "../../src/plan/bump-marker.ts";
import { type OpenPull, isOurTip, isTipKnown } from "../../src/plan/open-pull.ts";
import { type Situation, reconcile } from "../../src/plan/reconcile.ts";
import type { Unit } from "../../src/plan/unit.ts";

function unit(name: string, to = "1.1.0", more: Partial<Unit> = {}): Unit {
  const occurrence = {
    file: `${name}.yaml`,
    line: 3,
    column: 9,
    path: "0/spec/containers/0/image",
    shape: "workload",
  };
  const from = { tag: "1.0.0", digest: null };
  return {
    branch: `lockkeeper/bump/${name}-0123456789`,
    environment: "production",
    apps: [],
    bumps: [
      {
        occurrence: { ...occurrence, image: `ghcr.io/acme/${name}`, ...from, start: 1, end: 6 },
        from,
        to: { tag: to, digest: null },
        kind: "minor",
        why: `${to} is the latest version.`,
      },
    ],
    unknown: null,
    settled: [],
    ...more,
  };
}

const setting: Setting = {
  rules: {
    owners: [],
    freeze: [],
    override: [],
    default: [{ approvals: 1, anyOf: [{ type: "permission", atLeast: "write" }] }],
    rules: [],
  },
  self: { id: 9, login: "lockkeeper[bot]", bot: true },
};

function marker(of: Unit, change: Partial<BumpMarker> = {}): BumpMarker {
  return {
    bumps: [...bumpRecords(of.bumps)],
    commit: "tip",
    lines: "same",
    text: pullText(of, setting).hash,
    ...change,
  };
}

function pull(
  of: Unit,
  change: Partial<PullRequest> = {},
  written: Partial<BumpMarker> = {},
): OpenPull["pull"] {
  const body = pullText(of, setting).body(noFacts, marker(of, written));
  return {
    number: 5,
    headBranch: of.branch,
    headSha: "tip",
    body,
    labels: ["lockkeeper"],
    ...change,
  } as PullRequest;
}

function decide(change: Partial<Situation>): string[] {
  const situation = {
    units: [],
    pulls: [],
    linesHash: () => "same",
    limit: 10,
    obstacle: () => null,
    shut: null,
    setting,
    ...change,
  };
  return reconcile(situation).map((action) => {
    const about =
      "pull" in action
        ? `#${action.pull.number}`
        : action.unit.branch
            .split("/")
            .at(-1)
            ?.replace(/-0123456789$/, "");
    return `${action.type} ${about}`;
  });
}

const web = unit("web");
const ours = (open: PullRequest): OpenPull => ({ pull: open, tip: "ours" });

describe("what happens to a pull request", () => {
  test.each<[string, Partial<Situation>, string[]]>([
    ["none yet: it is opened", { units: [web] }, ["open web"]],
    ["as it should be: left", { units: [web], pulls: [ours(pull(web))] }, ["leave #5"]],
    [
      "another version is wanted",
      { units: [unit("web", "1.2.0")], pulls: [ours(pull(web))] },
      ["refresh #5"],
    ],
    [
      "base changed its lines",
      { units: [web], pulls: [ours(pull(web))], linesHash: () => "new" },
      ["refresh #5"],
    ],
    [
      "we closed it, and somebody opened it again",
      { units: [web], pulls: [ours(pull(web, {}, { closed: true }))] },
      ["describe #5"],
    ],
    [
      "its versions were wanted again, and somebody opened it again",
      { units: [web], pulls: [ours(pull(web, {}, { resumed: true }))] },
      ["describe #5"],
    ],
    [
      "base was rewritten below it",
      { units: [web], pulls: [{ ...ours(pull(web)), uprooted: true }] },
      ["refresh #5"],
    ],
    [
      "killed before it was described",
      { units: [web], pulls: [ours(pull(web, { headSha: "x" }))] },
      ["refresh #5"],
    ],
    ["its marker is broken", { units: [web], pulls: [ours(pull(web, { body: "" }))] }, ["refresh #5"]],
    [
      "only our words changed",
      { units: [web], pulls: [ours(pull(web, {}, { text: "old" }))] },
      ["describe #5"],
    ],
    [
      "a person added words",
      { units: [web], pulls: [ours(pull(web, { body: `Hi!\n\n${pull(web).body}` }))] },
      ["leave #5"],
    ],
    [
      "nothing is left to move",
      { units: [unit("web", "1", { bumps: [] })], pulls: [ours(pull(web))] },
      ["close #5"],
    ],
    ["its place is gone", { units: [], pulls: [ours(pull(web))] }, ["close #5"]],
    [
      "the registry is silent",
      { units: [unit("web", "1", { bumps: [], unknown: "?" })], pulls: [ours(pull(web))] },
      ["leave #5"],
    ],
    [
      "the registry is silent, and none is open",
      { units: [unit("web", "1", { bumps: [], unknown: "?" })] },
      [],
    ],
    [
      "the registry is silent about another image of it",
      { units: [unit("web", "1.1.0", { unknown: "?" })] },
      ["open web"],
    ],
    [
      "the registry is silent, and our words would have to say so",
      { units: [unit("web", "1.1.0", { unknown: "?" })], pulls: [ours(pull(web, {}, { text: "old" }))] },
      ["leave #5"],
    ],
    [
      "the registry is silent, and base changed its lines",
      { units: [unit("web", "1.1.0", { unknown: "?" })], pulls: [ours(pull(web))], linesHash: () => "new" },
      ["refresh #5"],
    ],
    ["outside of the hours in which new ones are opened", { units: [web], shut: "Mon" }, ["wait web"]],
    [
      "a person wants it in spite of hours and limit",
      { units: [web], shut: "Mon", limit: 0, openNow: web.branch },
      ["open web"],
    ],
    [
      "a person wants it, and another bot moves it already",
      { units: [web], obstacle: () => "#7", openNow: web.branch },
      ["wait web"],
    ],
    [
      "another version is wanted outside of those hours",
      { units: [unit("web", "1.2.0")], pulls: [ours(pull(web))], shut: "Mon" },
      ["refresh #5"],
    ],
    [
      "somebody pushed to it",
      { units: [unit("web", "1.2.0")], pulls: [{ pull: pull(web, { headSha: "x" }), tip: "foreign" }] },
      ["warn #5"],
    ],
    [
      "somebody pushed, and that is said",
      { units: [web], pulls: [{ pull: edited("x"), tip: "foreign" }] },
      ["leave #5"],
    ],
    [
      "somebody pushed once more",
      { units: [web], pulls: [{ pull: edited("y"), tip: "foreign" }] },
      ["warn #5"],
    ],
    [
      "somebody pushed, and it has no purpose",
      { units: [], pulls: [{ pull: edited("x"), tip: "foreign" }] },
      ["leave #5"],
    ],
    [
      "somebody pushed, and a rebuild is asked for",
      { units: [web], pulls: [{ pull: edited("x"), tip: "foreign" }], rebuild: 5 },
      ["refresh #5"],
    ],
    [
      "somebody pushed, and base changed its lines: it goes on beside that",
      { units: [web], pulls: [{ pull: edited("x"), tip: "foreign" }], linesHash: () => "new" },
      ["leave #5", "open web-0123456789-2"],
    ],
    [
      "somebody pushed, and main was rewritten",
      { units: [web], pulls: [{ pull: edited("x"), tip: "foreign", uprooted: true }] },
      ["leave #5", "open web-0123456789-2"],
    ],
    [
      "it goes on beside, which the edited one is yet to say",
      { units: [web], pulls: [second(), { pull: edited("x"), tip: "foreign" }] },
      ["warn #5", "leave #6"],
    ],
    [
      "the edits were discarded, and it goes on beside",
      { units: [web], pulls: [ours(pull(web)), second()] },
      ["close #5", "describe #6"],
    ],
    ["a rebuild is asked for", { units: [web], pulls: [ours(pull(web))], rebuild: 5 }, ["refresh #5"]],
  ])("%s", (_, situation, actions) => expect(decide(situation)).toEqual(actions));

  test("no more are opened than the limit, and closing makes room", () => {
    const units = ["a", "b", "c"].map((name) => unit(name));
    expect(decide({ units, limit: 2 })).toEqual(["open a", "open b", "wait c"]);
    const gone = unit("gone", "1.1.0");
    expect(decide({ units, pulls: [ours(pull(gone))], limit: 2 })).toEqual([
      "close #5",
      "open a",
      "open b",
      "wait c",
    ]);
    expect(decide({ units: [...units, gone], pulls: [ours(pull(gone))], limit: 2 })).toEqual([
      "leave #5",
      "open a",
      "wait b",
      "wait c",
    ]);
    expect(decide({ units, pulls: [ours(pull(units[0]!))], limit: 1 })).toEqual([
      "leave #5",
      "wait b",
      "wait c",
    ]);
  });
});

/** What goes on in the place of the edited one. */
function second(): OpenPull {
  const unit = { ...web, branch: `${web.branch}-2`, continues: 5 };
  return ours(pull(unit, { number: 6 }));
}

function edited(tip: string): PullRequest {
  const open = pull(web);
  return { ...open, headSha: tip, body: editedBody(open.body, "x") };
}

describe("a body", () => {
  test("remembers its bumps", () => {
    expect(readBumpMarker(pull(web).body)?.bumps).toEqual([
      {
        file: "web.yaml",
        path: "0/spec/containers/0/image",
        image: "ghcr.io/acme/web",
        from: "1.0.0",
        to: "1.1.0",
      },
    ]);
  });

  test("tells of somebody else's commits once, and keeps the marker", () => {
    const twice = editedBody(edited("x").body, "y");
    expect(twice.match(/Somebody else/g)).toHaveLength(1);
    expect(readBumpMarker(twice)).toMatchObject({ commit: "tip", edited: "y" });
    expect(isTipKnown({ ...pull(web), body: twice, headSha: "y" })).toBe(true);
    expect(isOurTip({ ...pull(web), body: twice, headSha: "y" })).toBe(false);
  });

  test("that we close with says why, and that it was us", () => {
    const body = closedBody(pull(web).body, "It is there already.");
    expect(body).toMatch(/^> Closed by Lockkeeper: It is there already\./);
    expect(readBumpMarker(body)).toMatchObject({ closed: true });
  });
});
