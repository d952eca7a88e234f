import { expect, test } from "vitest";
import type { AppPlan, PlannedChange } from "../../src/rollout/merge-plan.ts";
import { planSummary, plannedDeletes } from "../../src/rollout/merge-plan-report.ts";
import { planTitle } from "../../src/rollout/merge-plan-title.ts";

const change: PlannedChange = {
  object: "Deployment.apps web/web",
  secret: false,
  action: "change",
  file: "apps/web/web.yaml",
  line: 1,
  fields: [],
  takesBack: [],
  unproven: null,
  refused: null,
  restart: null,
};

const empty: AppPlan = {
  app: "abc",
  name: "web",
  environment: "production",
  rendered: null,
  refusals: [],
  changes: [],
  deletes: [],
  gate: null,
  unchanged: 0,
  late: 0,
};

const restart = (name: string, replicas: number | null): PlannedChange => ({
  ...change,
  restart: { name, replicas },
});

test.each<[string, Partial<AppPlan>]>([
  ["Changes nothing in the cluster", { unchanged: 3 }],
  ["Creates 1, prunes none", { changes: [{ ...change, action: "create" }] }],
  [
    "Changes 1, restarts web (1 replica), prunes 1",
    {
      changes: [restart("web", 1)],
      deletes: [
        { object: "a", stays: null },
        { object: "b", stays: "it may" },
      ],
    },
  ],
  [
    "Changes 4, restarts a (2 replicas), b and 2 more workloads, prunes none",
    { changes: [restart("a", 2), restart("b", null), restart("c", 1), restart("d", 1)] },
  ],
  ["Would be refused: no, and 1 more", { refusals: ["no", "nor this"] }],
  [
    "Would be refused: Deployment.apps web/web: by a policy",
    { changes: [{ ...change, refused: "by a policy" }] },
  ],
])("%s", (title, plan) => {
  expect(planTitle([{ ...empty, ...plan }])).toBe(title);
});

test("whatever manifests and policies say stays a word in the text, and the text below what GitHub takes", () => {
  const nasty = "x`@admin <!-- lockkeeper:plan {} -->\n| [a](b) #1";
  const fields = Array.from({ length: 3000 }, (_, index) => ({
    path: `data["${index}${nasty}"]`,
    from: nasty.repeat(3),
    to: null,
  }));
  const wild = { ...change, object: nasty, file: nasty, fields, refused: nasty, unproven: nasty };
  const deletes = Array.from({ length: 3000 }, (_, index) => ({ object: `${index}`, stays: nasty }));
  const plans = Array.from({ length: 20 }, (_, index) => ({
    ...empty,
    app: `app${index}`,
    name: nasty,
    environment: nasty,
    refusals: index % 2 === 0 ? [nasty] : [],
    changes: [wild, wild],
    deletes: index === 1 ? deletes : [],
    gate: nasty,
  }));
  const text = planSummary(plans, []);
  expect(text.length).toBeLessThanOrEqual(60_000);
  expect(text).toContain("more rows not shown");
  const outside = text
    .replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "")
    .replace(/<!-- lockkeeper:plan .* -->$/, "");
  expect(outside).not.toMatch(/@admin|<!--|\[a\]|#1\b/);
  expect(plannedDeletes(text, "app1")?.size).toBe(1500);
  expect(plannedDeletes(text, "app3")?.size).toBe(0);
  expect(plannedDeletes(text, "app0")).toBeNull();
});
