import { describe, expect, test } from "vitest";
import type { PullRequest } from "../../src/model/pull.ts";
import type { Occurrence } from "../../src/model/update.ts";
import { makeBumpMarker } from "../../src/plan/bump-marker.ts";
import { heldBy, holdsOf } from "../../src/plan/holds.ts";
import { parsePolicy } from "../../src/tags/policy-text.ts";
import { newestVersion } from "../../src/tags/policy.ts";

const at = { file: "web.yaml", path: "0/spec/containers/0/image", image: "acme/web" };

function present(tag: string, change: Partial<Occurrence> = {}): Occurrence {
  return { ...at, line: 1, column: 1, shape: "workload", tag, digest: null, start: 0, end: 1, ...change };
}

function closed(
  from: string,
  to: string,
  how: { merged?: boolean; byUs?: true; body?: string; head?: string; before?: string } = {},
): PullRequest {
  const { before } = how;
  const marker = {
    bumps: [{ ...at, from, to }],
    commit: "c",
    before: before === undefined ? undefined : { head: "b", bumps: [{ ...at, from, to: before }] },
    lines: "",
    text: "t",
    closed: how.byUs,
  };
  const body = how.body ?? `Words.\n\n${makeBumpMarker(marker)}`;
  const { merged = false, head = "c" } = how;
  return { number: 7, body, state: "closed", merged, headSha: head } as PullRequest;
}

function isHeld(pulls: readonly PullRequest[], now: Occurrence, to: string): boolean {
  return heldBy(holdsOf(pulls, [now]), now, { tag: to, digest: null }, [now]) !== undefined;
}

describe("a version is held", () => {
  test.each<[string, PullRequest[], string, boolean]>([
    ["when its bump was closed unmerged", [closed("1.0.0", "1.1.0")], "1.0.0 -> 1.1.0", true],
    ["and so are the ones before it", [closed("1.0.0", "1.2.0")], "1.0.0 -> 1.1.0", true],
    ["until a later one comes", [closed("1.0.0", "1.1.0")], "1.0.0 -> 1.1.1", false],
    ["not when we closed it ourselves", [closed("1.0.0", "1.1.0", { byUs: true })], "1.0.0 -> 1.1.0", false],
    [
      "when it was merged and taken back",
      [closed("1.0.0", "1.1.0", { merged: true })],
      "1.0.0 -> 1.1.0",
      true,
    ],
    ["to a version before that even", [closed("1.0.0", "1.1.0", { merged: true })], "0.9.0 -> 1.1.0", true],
    [
      "not when it was merged and stayed",
      [closed("1.0.0", "1.1.0", { merged: true })],
      "1.1.0 -> 1.2.0",
      false,
    ],
    [
      "not when it was merged and went on",
      [closed("1.0.0", "1.1.0", { merged: true })],
      "1.2.0 -> 1.3.0",
      false,
    ],
    [
      "when the second of two bumps was taken back",
      [closed("1.1.0", "1.2.0", { merged: true }), closed("1.0.0", "1.1.0", { merged: true })],
      "1.1.0 -> 1.2.0",
      true,
    ],
    [
      "not by a body that a person has broken",
      [closed("1.0.0", "1.1.0", { body: "<!-- lockkeeper:bump { -->" })],
      "1.0.0 -> 1.1.0",
      false,
    ],
    [
      "as its head has it, where that was ended before it was built anew",
      [closed("1.0.0", "1.2.0", { before: "1.1.0", head: "b" })],
      "1.0.0 -> 1.1.0",
      true,
    ],
    [
      "and nothing later then",
      [closed("1.0.0", "1.2.0", { before: "1.1.0", head: "b" })],
      "1.0.0 -> 1.2.0",
      false,
    ],
    [
      "as it is said now, where somebody has pushed on top since",
      [closed("1.0.0", "1.2.0", { before: "1.1.0", head: "theirs" })],
      "1.0.0 -> 1.2.0",
      true,
    ],
    ["in its suffix only", [closed("1.0.0", "1.1.0")], "1.0.0-alpine -> 1.1.0-alpine", false],
  ])("%s", (_, pulls, move, held) => {
    const [now = "", to = ""] = move.split(" -> ");
    expect(isHeld(pulls, present(now), to)).toBe(held);
  });

  test("for its image, in its file and place", () => {
    const holds = [closed("1.0.0", "1.1.0")];
    expect(isHeld(holds, present("1.0.0", { file: "other.yaml" }), "1.1.0")).toBe(false);
    expect(isHeld(holds, present("1.0.0", { image: "acme/other" }), "1.1.0")).toBe(false);
  });

  test("also where a container was put before it since", () => {
    const moved = present("1.0.0", { path: "0/spec/containers/1/image" });
    expect(isHeld([closed("1.0.0", "1.1.0")], moved, "1.1.0")).toBe(true);
    const twin = present("1.0.0");
    const holds = holdsOf([closed("1.0.0", "1.1.0")], [twin, moved]);
    expect(heldBy(holds, moved, { tag: "1.1.0", digest: null }, [twin, moved])).toBeUndefined();
  });
});

describe("what is later", () => {
  test.each([
    { policy: "alphabetical", from: "a", to: "b", next: "b", held: true },
    { policy: "alphabetical", from: "a", to: "b", next: "c", held: false },
    { policy: "numerical:desc", from: "30", to: "20", next: "20", held: true },
    { policy: "numerical:desc", from: "30", to: "20", next: "10", held: false },
    { policy: "masterminds:*-0", from: "1.0.0", to: "1.1.0-rc.1", next: "1.1.0-rc.1", held: true },
    { policy: "masterminds:*-0", from: "1.0.0", to: "1.1.0-rc.1", next: "1.1.0-rc.2", held: false },
  ])("is told by the image's policy: $policy from $from, not $to, then $next", (about) => {
    const parsed = parsePolicy(about.policy);
    if (!parsed.ok) throw new Error(parsed.failure.message);
    const now = { ...present(about.from), policy: { ...newestVersion, policy: parsed.value } };
    for (const merged of [false, true]) {
      const holds = holdsOf([closed(about.from, about.to, { merged })], [now]);
      const hold = heldBy(holds, now, { tag: about.next, digest: null }, [now]);
      expect(hold !== undefined).toBe(about.held);
    }
  });

  test("has no say once the policy no longer allows what was refused", () => {
    const one = { ...newestVersion, policy: { type: "semver", range: "^1", dialect: "node" } } as const;
    const now = { ...present("1.0.0"), policy: one };
    const holds = holdsOf([closed("1.0.0", "2.0.0")], [now]);
    const isHeld = (tag: string): boolean => heldBy(holds, now, { tag, digest: null }, [now]) !== undefined;
    expect([isHeld("2.0.0"), isHeld("1.5.0")]).toEqual([true, false]);
  });

  test("of builds that only their dates order is any but the one that was refused or taken back", () => {
    const policy = { ...newestVersion, policy: { type: "newest-build" } } as const;
    for (const merged of [false, true]) {
      const now = { ...present("a1b2"), policy };
      const holds = holdsOf([closed("a1b2", "c3d4", { merged })], [now]);
      const isHeld = (tag: string): boolean => heldBy(holds, now, { tag, digest: null }, [now]) !== undefined;
      expect([isHeld("c3d4"), isHeld("e5f6")]).toEqual([true, false]);
    }
  });

  test("is told of what is written of a tag as well", () => {
    const now = { ...present("1.0.0"), policy: { ...newestVersion, part: "^v(?<version>.*)$" } };
    for (const merged of [false, true]) {
      const holds = holdsOf([closed("1.0.0", "1.1.0", { merged })], [now]);
      const isHeld = (tag: string): boolean => heldBy(holds, now, { tag, digest: null }, [now]) !== undefined;
      expect([isHeld("1.1.0"), isHeld("1.1.1")]).toEqual([true, false]);
    }
  });

  test("of one tag is any digest but the one that was refused", () => {
    const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
    const now = present("stable", { digest: digest("a") });
    const holds = holdsOf([closed(`stable@${digest("a")}`, `stable@${digest("b")}`)], [now]);
    const isHeld = (digit: string): boolean =>
      heldBy(holds, now, { tag: "stable", digest: digest(digit) }, [now]) !== undefined;
    expect([isHeld("b"), isHeld("c")]).toEqual([true, false]);
  });
});
