/** The verdict as Markdown: each demand, why it is made, what it has and lacks, and which approvals do not count. */

import { inertSpan } from "../text/inert.ts";
import { table } from "../text/markdown.ts";
import { approverName } from "./approver.ts";
import type { Demand } from "./demand.ts";
import { discountText } from "./discount-text.ts";
import type { Judged, Verdict } from "./evaluate.ts";
import type { When } from "./rule.ts";
import { verdictTitle } from "./title.ts";

/** Markdown blocks. Everything from outside stands in code spans, so that it mentions and links nothing. */
export function verdictBlocks(verdict: Verdict): readonly string[] {
  if (verdict.judged.length === 0) return [verdictTitle(verdict)];
  return [
    demandTable(verdict.judged),
    ...paragraph(
      "Changes requested, which blocks until dismissed or approved",
      verdict.objections.map(({ login }) => inertSpan(login)),
    ),
    ...paragraph(
      "Commits that belong to no GitHub account, which blocks until they are made again with an address of an account",
      verdict.unattributed.map((sha) => inertSpan(sha)),
    ),
    ...paragraph(
      "Approvals that do not count",
      verdict.discounted.map(
        ({ person, discount }) => `${inertSpan(person.login)}: ${inertSpan(discountText(discount))}`,
      ),
    ),
    "An approval counts for the change that its author saw. Who wrote, committed or pushed any of it cannot approve it.",
  ];
}

function demandTable(judged: readonly Judged[]): string {
  const rows = judged.map(({ demand, has, lacks }) => [
    lacks === 0 ? "satisfied" : `**waiting for ${lacks}**`,
    inertSpan(demand.name),
    because(demand),
    `${demand.need.approvals} of ${demand.need.anyOf.map((approver) => inertSpan(approverName(approver))).join(", ")}`,
    has.length === 0 ? "nobody" : has.map(({ login }) => inertSpan(login)).join(", "),
  ]);
  return table(["", "Rule", "Because", "Needs", "Has"], rows);
}

/** Why a demand is made, for its column. */
function because(demand: Demand): string {
  if (demand.source === "configuration") return "the configuration is changed";
  const apps = demand.apps.map(({ name, environment }) => `${inertSpan(name)} (${inertSpan(environment)})`);
  const touched = apps.length === 0 ? "changed paths" : `touches ${apps.slice(0, 10).join(", ")}`;
  const more = apps.length > 10 ? ` and ${apps.length - 10} more` : "";
  if (demand.source === "default") return `${touched}${more}, and no rule covers that`;
  if (demand.source === "target") return `${touched}${more}, and the cluster demands it`;
  return `${touched}${more}${conditions(demand.when)}`;
}

function conditions(when: When): string {
  const given = [
    ...condition("paths", when.paths),
    ...condition("kind", when.kinds),
    ...condition("author", when.authors),
  ];
  return given.length === 0 ? "" : `; ${given.join("; ")}`;
}

function condition(name: string, values: readonly string[] | undefined): readonly string[] {
  return values === undefined ? [] : [`${name} ${values.map((value) => inertSpan(value)).join(", ")}`];
}

function paragraph(head: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  return [`**${head}**\n\n${items.map((item) => `- ${item}`).join("\n")}`];
}
