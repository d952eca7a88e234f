import { describe, expect, test } from "vitest";
import type { AppPromotion } from "../../src/config/promotions.ts";
import type { App } from "../../src/model/app.ts";
import { soak, waitFor, waitForImage, waitForNewer } from "../../src/plan/promotion.ts";

function app(environment: string): App {
  const fixed = { mode: "apply", prune: false, drift: "report", waitSeconds: 300 } as const;
  return { name: `web-${environment}`, path: `apps/web/${environment}`, environment, ...fixed };
}

const promotion: AppPromotion = {
  from: "staging",
  healthySeconds: 5400,
  app: app("production"),
  before: app("staging"),
};
const since = new Date("2026-06-10T14:05:30Z");
const runs = { tag: "1.3.0", digest: null };

describe("the wait for another environment", () => {
  test.each([
    ["2026-06-10T14:05:30Z", true],
    ["2026-06-10T15:35:29Z", true],
    ["2026-06-10T15:35:30Z", false],
    ["2026-06-10T13:00:00Z", true],
  ])("at %s is not over: %s", (now, waits) => {
    expect(soak(promotion, runs, since, new Date(now)) !== null).toBe(waits);
  });

  test("says since when and until when, never too early", () => {
    expect(soak(promotion, runs, since, since)).toEqual({
      reason:
        "Waits for staging: it runs 1.3.0 since 2026-06-10 14:06 UTC, and 90m of health are asked for, until 2026-06-10 15:36 UTC.",
      until: Date.parse("2026-06-10T15:35:30Z") / 1000,
    });
  });

  test.each([
    [{ type: "nothing" } as const, "nothing that Lockkeeper applied runs in web-staging yet"],
    [{ type: "deploying", sha: "0123456789" } as const, "web-staging is being moved to 0123456"],
    [{ type: "unhealthy", sha: "0123456789" } as const, "web-staging is not healthy at 0123456"],
  ])("while it stands at %j says so", (standing, sentence) => {
    expect(waitFor(promotion, standing)).toBe(`Waits for staging: ${sentence}.`);
  });

  test("tells of apps and images that cannot be paired", () => {
    expect(waitFor({ ...promotion, before: null }, { type: "nothing" })).toContain(
      "no app there belongs to web-production",
    );
    expect(waitForImage(promotion, [])).toContain("web-staging does not use this image");
    expect(waitForImage(promotion, [runs, { tag: "1.2.0", digest: null }])).toContain("1.3.0, 1.2.0");
    expect(waitForNewer(promotion, runs, { tag: "1.4.0", digest: null })).toBe(
      "Waits for staging: web-staging runs 1.3.0 and not 1.4.0 yet.",
    );
  });
});
