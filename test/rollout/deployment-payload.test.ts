import { expect, test } from "vitest";
import { deploymentPayload } from "../../src/rollout/deployment-payload.ts";
import type { LandingRecord, Pending } from "../../src/rollout/inventory.ts";

function pendingOf(count: number, decision: Record<string, unknown>): Pending {
  const landings = Array.from({ length: count }, (_, at): LandingRecord => {
    const sha = String(at).padStart(40, "0");
    return {
      sha,
      pull: at + 1,
      head: sha,
      mergedAt: null,
      verdict: "Signed off by ada.",
      at: null,
      decision,
    };
  });
  const pulls = landings.map(({ sha, pull }) => ({ number: pull ?? 0, sha, mergedAt: null }));
  const times = { since: "", firstAppliedAt: null, appliedAt: null, healthyAt: null };
  return { sha: "head", pulls, landings, ...times, results: {} };
}

const decisions = (payload: Readonly<Record<string, unknown>>): number =>
  (payload["landings"] as object[]).filter((landing) => "decision" in landing).length;

test("a deployment keeps the decision of every landing that it carries", () => {
  const payload = deploymentPayload("app", pendingOf(3, { approvals: [{ login: "ada" }] }));
  expect(payload).toMatchObject({ app: "app", pulls: [1, 2, 3] });
  expect(decisions(payload)).toBe(3);
});

test("of too many, the newest ones, and never more than a payload may be long", () => {
  const large = { text: "x".repeat(3000) };
  expect(decisions(deploymentPayload("app", pendingOf(20, large)))).toBe(3);
  expect(decisions(deploymentPayload("app", pendingOf(1, { text: "x".repeat(30_000) })))).toBe(0);
  const payload = deploymentPayload("app", pendingOf(400, large));
  expect(payload).toMatchObject({ cut: 380 });
  expect(JSON.stringify(payload).length).toBeLessThan(16_000);
});
