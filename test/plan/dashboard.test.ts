import { describe, expect, test } from "vitest";
import { tickedBoxes } from "../../src/commands/box.ts";
import type { App } from "../../src/model/app.ts";
import type { FailureCode } from "../../src/model/failure.ts";
import type { DashboardFacts } from "../../src/plan/dashboard-facts.ts";
import { dashboardBody, dashboardHash, dashboardText, withoutMarkers } from "../../src/plan/dashboard.ts";
import { readSeenMarker } from "../../src/plan/first-seen.ts";

const nothing: DashboardFacts = {
  problems: [],
  overlaps: [],
  apps: [],
  paused: [],
  open: [],
  waiting: [],
  young: [],
  held: [],
  observed: [],
  failing: [],
  untracked: [],
};
const app: App = {
  name: "web-production",
  path: "apps/web/production",
  environment: "prod / EU",
  mode: "apply",
  prune: false,
  drift: "report",
  waitSeconds: 300,
};

function text(facts: Partial<DashboardFacts>): string {
  return withoutMarkers(dashboardBody(dashboardText({ ...nothing, ...facts }), []));
}

describe("the text", () => {
  test("is the same in whatever order GitHub lists what is open, and names an environment that is no text", () => {
    const open = [7, 12].map((number) => ({ number, title: `Update ${number}`, edited: false }));
    expect(text({ open: open.toReversed() })).toBe(text({ open }));
    expect(text({ apps: [{ app: { ...app, environment: "a\ud800)b" }, images: 1 }] })).toContain(
      "(../deployments/a%EF%BF%BD%29b)",
    );
  });

  test.each<[string, Partial<DashboardFacts>, string]>([
    [
      "an app",
      { apps: [{ app, images: 3 }] },
      "| `web-production` | `apps/web/production` | [`prod / EU`](../deployments/prod%20%2F%20EU) | apply | 3 |",
    ],
    ["an overlap", { overlaps: ['"a" and "b" are both named "c"'] }, '- `"a" and "b" are both named "c"`'],
    [
      "a wait for an age, to the next minute",
      {
        young: [
          {
            image: "acme/web",
            tag: "1.1.0",
            environment: "prod",
            until: Date.UTC(2026, 0, 1, 8, 0, 1) / 1000,
          },
        ],
      },
      "- `acme/web` `1.1.0` in `prod`, from 2026-01-01 08:01 UTC on",
    ],
    [
      "a version that was reverted",
      { held: [{ image: "acme/web", value: "1.1.0", file: "a.yaml", pull: 7, reason: "reverted" }] },
      "`acme/web` `1.1.0` in `a.yaml`, as [#7](../pull/7) was merged and taken back",
    ],
    [
      "a wait that nobody can end, without a box",
      {
        waiting: [
          {
            branch: "b",
            title: "Update web",
            reason: "#7 by renovate[bot] moves it already.",
            openable: false,
          },
        ],
      },
      "- `Update web`: `#7` by `renovate[bot]` moves it already.",
    ],
  ])("tells of %s", (_, facts, line) => {
    expect(text(facts).split("\n")).toContainEqual(expect.stringContaining(line));
  });

  test.each<[FailureCode, string]>([
    ["unauthorized", "(401)"],
    ["forbidden", "(403)"],
    ["not-found", "(404)"],
    ["rate-limited", "(429)"],
    ["unavailable", "(5xx)"],
    ["rejected", "LOCKKEEPER_INSECURE_REGISTRIES"],
    ["incomplete", "part"],
    ["cancelled", "next scan"],
  ])("says what to do about a registry that is %s", (code, word) => {
    expect(text({ failing: [{ registry: "ghcr.io", image: "ghcr.io/acme/web", code }] })).toContain(word);
  });

  test("puts the images of one registry that fail in one way into one row", () => {
    const failing = ["a", "b", "c", "d", "a"].map(
      (name) => ({ registry: "ghcr.io", image: `ghcr.io/${name}`, code: "forbidden" }) as const,
    );
    expect(text({ failing })).toContain("| `ghcr.io` | `ghcr.io/a`, `ghcr.io/b`, `ghcr.io/c` and 1 more |");
  });

  test("is the same for the same facts, and its hash is read back", () => {
    const [one, two] = [
      dashboardText({ ...nothing, apps: [{ app, images: 3 }] }),
      dashboardText({ ...nothing }),
    ];
    expect(dashboardText({ ...nothing, apps: [{ app, images: 3 }] })).toEqual(one);
    expect(dashboardHash(dashboardBody(one, []))).toBe(one.hash);
    expect(two.hash).not.toBe(one.hash);
  });
});

describe("a dashboard of a large repository", () => {
  const many = <T>(make: (index: number) => T): T[] =>
    Array.from({ length: 2000 }, (_, index) => make(index));
  const long = "x".repeat(300);
  const at = "2026-06-10T14:04:30Z";
  const facts: DashboardFacts = {
    problems: many((line) => ({ file: "f.yml", line, column: 1, message: long })),
    overlaps: many(() => long),
    apps: many((images) => ({ app: { ...app, name: long, path: long }, images })),
    paused: many((index) => ({ path: long, name: long, at, until: at, by: `u${index}`, why: long })),
    open: many((number) => ({ number, title: long, edited: number % 2 === 0 })),
    waiting: many((index) => ({ branch: `b${index}`, title: long, reason: long, openable: true })),
    young: many((until) => ({ image: long, tag: `1.${until}`, environment: long, until })),
    held: many((pull) => ({ image: long, value: "1", file: long, pull, reason: "closed" })),
    observed: many(() => ({ place: long, image: long, from: "1", to: "2" })),
    failing: many((index) => ({ registry: `r${index}.io`, image: long, code: "forbidden" })),
    untracked: many((line) => ({ file: long, line, reason: long })),
  };
  const sightings = many((at) => ({ image: `ghcr.io/${long}/${at}`, tag: long, digest: long, at }));
  const body = dashboardBody(dashboardText(facts), sightings);

  test("has room for every section, and says how much more there is", () => {
    expect(body.length).toBeLessThan(65_536);
    expect(body.match(/^## /gm)).toHaveLength(10);
    expect(body).not.toContain("left out");
    expect(body.match(/and \d+ more_|more rows not shown/g)).toHaveLength(11);
    expect(body).toContain("look for new images now");
  });

  test("keeps its markers and its boxes whole", () => {
    expect(dashboardHash(body)).toBeDefined();
    expect(readSeenMarker(body).length).toBeGreaterThan(0);
    expect(tickedBoxes(body.replaceAll("[ ]", "[x]")).length).toBeGreaterThan(10);
  });
});
