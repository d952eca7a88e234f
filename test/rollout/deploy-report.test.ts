import { describe, expect, test } from "vitest";
import { type DeployResult, deployComment, statusLine } from "../../src/rollout/deploy-report.ts";
import type { Pending } from "../../src/rollout/inventory.ts";
import { readMarker } from "../../src/text/marker.ts";

const pull = { number: 7, sha: "abcdef1234567", mergedAt: "2026-01-01T00:00:00Z" };
const result: DeployResult = {
  app: "abc",
  name: "web-production",
  environment: "production",
  outcome: "healthy",
  pending: {
    sha: "abcdef1234567",
    pulls: [pull],
    since: "2026-01-01T00:00:00Z",
    firstAppliedAt: "2026-01-01T00:00:01.200Z",
    appliedAt: "2026-01-01T00:00:02Z",
    healthyAt: "2026-01-01T00:00:09Z",
    results: {
      "Deployment.apps web/web": { action: "configured" },
      "Service web/web": { action: "unchanged" },
      "ConfigMap web/old": { action: "failed", reason: "refused by `@admin`" },
    },
  },
  notes: ["Namespace old stays"],
};

test("the comment tells what changed, what did not, and how long it took", () => {
  const comment = deployComment(result, pull);
  expect(comment).toContain("| `Deployment.apps web/web` | configured |");
  expect(comment).toContain("| `ConfigMap web/old` | failed: `` refused by `@admin` `` |");
  expect(comment).toContain("1 object unchanged.");
  expect(comment).toContain("First object applied 1.2 s, healthy 9.0 s after the merge.");
  expect(readMarker(comment, "deploy")).toEqual({ app: "abc", sha: "abcdef1234567" });
});

describe("a change that a newer one overtook", () => {
  const newer = { number: 9, sha: "9999999aaaaaa", mergedAt: "2026-01-01T00:00:00Z" };
  const landing = { head: null, mergedAt: null, verdict: "", at: null, decision: null };
  const pending = { ...result.pending, sha: newer.sha, pulls: [pull, newer] };
  const landings = [pull, newer].map(({ sha, number }) => ({ ...landing, sha, pull: number }));
  const by = (more: Partial<Pending>, of = pull) =>
    /was superseded by .*/.exec(deployComment({ ...result, pending: { ...pending, ...more } }, of))?.[0];

  test.each<[string, Partial<Pending>, string | undefined]>([
    ["of a pull request", { landings }, "was superseded by `9999999` (#9), which landed after it."],
    ["in records of earlier versions", {}, "was superseded by `9999999` (#9), which landed after it."],
    [
      "that people accepted",
      { pulls: [pull], landings: [landings[0]!, { ...landing, sha: newer.sha, pull: null }] },
      "was superseded by `9999999`, which landed after it.",
    ],
    ["of another app", { pulls: [pull], landings: landings.slice(0, 1) }, undefined],
  ])("%s", (_, more, expected) => {
    expect(by(more)).toBe(expected);
  });

  test("is told to the older one alone", () => {
    expect(by({ landings }, newer)).toBeUndefined();
  });
});

test("the line of a deployment's status fits into what GitHub takes", () => {
  expect(statusLine(result)).toBe("web-production runs");
  const long = statusLine({ ...result, outcome: "refused", notes: ["x".repeat(300)] });
  expect(long.length).toBeLessThanOrEqual(140);
  expect(long).toMatch(/^web-production was not applied: x/);
});
