/** The demo as people run it: every step in order, and a broken flow named. */

import { describe, expect, test } from "vitest";
import { lockkeeper } from "./processes.ts";

const headless = ["demo", "--headless", "--json", "--cluster", "in-memory"];
const names = [
  "seeded",
  "pull-opened",
  "merge-refused",
  "signed-off",
  "merged",
  "applied",
  "drift-reported",
  "drift-healed",
  "base-moved",
  "pull-rebuilt",
  "rolled-back",
  "version-held",
  "done",
];

interface Line {
  readonly step: string;
  readonly ok: boolean;
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

test("the demo observes every step in order and exits 0", { timeout: 180_000 }, async () => {
  const { code, stdout, stderr } = await lockkeeper(headless);
  const lines = linesOf(stdout);
  expect(lines.filter(({ ok }) => !ok)).toEqual([]);
  expect(lines.map(({ step }) => step)).toEqual(names);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

/** What is broken, and the steps that may tell of it. */
const breaks: readonly (readonly [flow: string, route: string, step: string])[] = [
  ["scan", "^POST /repos/acme/gitops/pulls$", "pull-opened"],
  ["check", "^POST /repos/acme/gitops/check-runs$", "merge-refused"],
  ["deploy", "^PATCH /apis/apps/v1/.*/deployments/web[?]", "seeded"],
  ["drift", "^POST /repos/acme/gitops/issues$", "drift-reported"],
];

describe("a flow that does not work any more fails the demo at its step:", () => {
  test.concurrent.each(breaks)("%s", { timeout: 180_000 }, async (_flow, route, step) => {
    const { code, stdout } = await lockkeeper(headless, {
      NODE_OPTIONS: `--import=${import.meta.resolve("./break-route.ts")}`,
      BROKEN_ROUTE: route,
    });
    const lines = linesOf(stdout);
    expect(lines.map(({ step }) => step)).toEqual(names.slice(0, names.indexOf(step) + 1));
    expect(lines.at(-1)).toMatchObject({ step, ok: false });
    expect(lines.slice(0, -1).every(({ ok }) => ok)).toBe(true);
    expect(code).toBe(1);
  });
});
