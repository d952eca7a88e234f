import { expect, test } from "vitest";
import { type DeployResult, deployComment, statusLine } from "../../src/rollout/deploy-report.ts";
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

test("the line of a deployment's status fits into what GitHub takes", () => {
  expect(statusLine(result)).toBe("web-production runs");
  const long = statusLine({ ...result, outcome: "refused", notes: ["x".repeat(300)] });
  expect(long.length).toBeLessThanOrEqual(140);
  expect(long).toMatch(/^web-production was not applied: x/);
});
