import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { App } from "../../src/model/app.ts";
import { type Setting, pullText } from "../../src/plan/body.ts";
import { type BumpFacts, noFacts } from "../../src/plan/bump-facts.ts";
import { bumpRecords, readBumpMarker } from "../../src/plan/bump-marker.ts";
import type { PlannedBump, Unit } from "../../src/plan/unit.ts";
import { actsOf, renderMarkdown } from "./github-markdown.ts";

const app = { name: "web-production", path: "apps/web", environment: "production" } as App;
const sre = { type: "team", team: "acme/sre" } as const;
const setting: Setting = {
  rules: {
    owners: [],
    freeze: [],
    override: [],
    default: [{ approvals: 1, anyOf: [{ type: "permission", atLeast: "write" }] }],
    rules: [
      {
        name: "production",
        when: { environments: ["production"] },
        need: [{ approvals: 2, anyOf: [sre, { type: "user", login: "ada" }] }],
      },
    ],
  },
  self: { id: 9, login: "lockkeeper[bot]", bot: true },
};

function bump(image: string, to: string, change: Partial<PlannedBump["occurrence"]> = {}): PlannedBump {
  const from = { tag: "1.0.0", digest: null };
  const file = "apps/web/web.yaml";
  const place = { file, line: 3, column: 9, path: "0/spec/image", shape: "workload", start: 1, end: 6 };
  return {
    occurrence: { ...place, image, ...from, ...change },
    from,
    to: { tag: to, digest: null },
    kind: "minor",
    why: `${to} is the latest version.`,
  };
}

function unit(bumps: readonly PlannedBump[], environment = "production"): Unit {
  const apps = [{ ...app, environment }];
  return { branch: "lockkeeper/bump/web", environment, apps, bumps, unknown: null, settled: [] };
}

function bodyOf(one: Unit, facts?: BumpFacts): string {
  const text = pullText(one, setting);
  const marker = { bumps: [...bumpRecords(one.bumps)], commit: "tip", base: "b", lines: "", text: text.hash };
  return text.body(facts === undefined ? noFacts : () => facts, marker);
}

const known: BumpFacts = {
  built: new Date("2026-11-19T07:30:00Z"),
  digest: `sha256:${"ab".repeat(32)}`,
  platforms: ["linux/amd64", "linux/arm64"],
  compare: `https://github.com/acme/web/compare/${"a".repeat(40)}...${"b".repeat(40)}`,
  releases: [{ tag: "v1.1.0", title: "Faster", notes: "Fixes #1, thanks @grace", draft: false }],
};

describe("the body of a bump", () => {
  test("begins with one sentence: what, from, to, kind, age, what restarts, who is needed, how to undo it", () => {
    expect(bodyOf(unit([bump("ghcr.io/acme/web", "1.1.0")]), known).split("\n")[0]).toBe(
      "Moves `ghcr.io/acme/web` from `1.0.0` to `1.1.0` (minor, built on 2026-11-19) in `production`, which restarts what runs in `web-production`; needs 2 approvals of `acme/sre` or `ada`; to undo it once it is merged, revert it.",
    );
  });

  test.each([
    [
      "the default where no rule applies",
      unit([bump("a/b", "2")], "staging"),
      "needs one approval of people who can write;",
    ],
    [
      "several images",
      unit(["a/b", "a/c"].map((image) => bump(image, "2"))),
      "Moves `a/b` from `1.0.0` to `2` (minor) and `a/c` from",
    ],
    [
      "more than five",
      unit(["a", "b", "c", "d", "e", "f", "g"].map((image) => bump(`x/${image}`, "2"))),
      "(minor) and 2 others in",
    ],
  ])("says %s", (_, one, part) => expect(bodyOf(one).split("\n")[0]).toContain(part));

  test("has a table of image, from, to, time, digest, platforms and places", () => {
    const places = [bump("a/b", "2"), bump("a/b", "2", { line: 9, feeds: ["0/x/image", "0/y/image"] })];
    const row = bodyOf(unit(places), known)
      .split("\n")
      .find((line) => line.startsWith("| `a/b`"));
    expect(row).toBe(
      "| `a/b` | `1.0.0` | `2` | 2026-11-19 07:30 | `sha256:abababababab` | `linux/amd64` `linux/arm64` | `apps/web/web.yaml:3`<br>`apps/web/web.yaml:9`, which also feeds `0/x/image`, `0/y/image` |",
    );
  });

  test("links what changed in the sources, and folds the release notes as they are written", () => {
    const html = renderMarkdown(bodyOf(unit([bump("ghcr.io/acme/web", "1.1.0")]), known));
    expect(html).toContain(`<a href="${known.compare}">what changed in its sources</a>`);
    expect(html).toMatch(
      /<details>\n<summary>Release notes \(1\)<\/summary>[^]*v1.1.0: Faster[^]*@grace[^]*<\/details>/,
    );
    expect(actsOf(bodyOf(unit([bump("a/b", "2")]), known), ["https://github.com/acme/web/"])).toEqual([]);
  });

  test("is the same text for the same unit and rules, whatever registries tell of the image", () => {
    const one = unit([bump("a/b", "2")]);
    expect(pullText(one, setting).hash).toBe(readBumpMarker(bodyOf(one, known))?.text);
    const stricter = { ...setting, rules: { ...setting.rules, rules: [] } };
    expect(pullText(one, stricter).hash).not.toBe(pullText(one, setting).hash);
  });

  test("does nothing that a tag, file, label or release note asks for, and stays within GitHub's limit", () => {
    const part = fc.constantFrom(
      "@everyone",
      "#1",
      "fixes acme/web#1",
      "![x](http://x)",
      "[x](javascript:1)",
      "<img src=x onerror=y>",
      "<script>",
      "</details>",
      "`",
      "```",
      "~~~",
      "|",
      "<!-- lockkeeper:bump {} -->",
      "-->",
      "\u202e",
      "\n",
      "https://evil.example",
      "www.evil.example",
      "GH-7",
      "a".repeat(40),
      "&#64;x",
      "\\",
      "x".repeat(100),
    );
    const hostile = fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(" "));
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 8, maxLength: 8 }), fc.nat(15), (texts, count) => {
        const [file = "", image = "", to = "", why = "", tag = "", title = "", notes = "", digest = ""] =
          texts;
        const bumps = Array.from({ length: count + 1 }, (_, line) => ({
          ...bump(image, to, { file, line }),
          why,
        }));
        const releases = Array.from({ length: 9 }, () => ({
          tag,
          title,
          notes: notes.repeat(20),
          draft: false,
        }));
        const body = bodyOf(unit(bumps), { ...known, platforms: [title], digest, compare: null, releases });
        expect(actsOf(body)).toEqual([]);
        expect(body.length).toBeLessThan(65_536);
      }),
      { numRuns: 60 },
    );
  });
});
