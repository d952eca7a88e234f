/** The verdict as Markdown: each demand, why it is made, what it has and lacks, and which approvals do not count. */

import { inertProse, inertSpan } from "../text/inert.ts";
import { table } from "../text/markdown.ts";
import { approverName } from "./approver.ts";
import { ownersText } from "./count-name.ts";
import type { Counted } from "./counting.ts";
import type { Demand } from "./demand.ts";
import { discountText } from "./discount-text.ts";
import type { Judged, Verdict } from "./evaluate.ts";
import type { JudgedFreeze } from "./freeze.ts";
import { endText } from "./freeze-text.ts";
import type { Approver, Lines, When } from "./rule.ts";
import { verdictTitle } from "./title.ts";

/** Markdown blocks. Everything from outside stands in code spans, so that it mentions and links nothing. */
export function verdictBlocks(verdict: Verdict): readonly string[] {
  if (verdict.judged.length === 0) return [verdictTitle(verdict)];
  return [
    ...overrideText(verdict),
    ...paragraph("Frozen", verdict.freezes.map(freezeText)),
    demandTable(verdict.judged),
    ...paragraph("Files that wait for one of their owners", verdict.judged.flatMap(unapprovedFiles)),
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

function overrideText({ override }: Verdict): readonly string[] {
  if (override === undefined) return [];
  return [
    `**Overridden by ${inertSpan(override.login)}**: ${inertProse(override.why)} This counts for this head alone.`,
  ];
}

function demandTable(judged: readonly Judged[]): string {
  const rows = judged.map((one) => [
    stateText(one, judged),
    inertSpan(one.demand.name),
    because(one.demand),
    one.counts.map(countText).join("; and "),
    one.has.length === 0 ? "nobody" : one.has.map(({ login }) => inertSpan(login)).join(", "),
  ]);
  return table(["", "Rule", "Because", "Needs", "Has"], rows);
}

function stateText({ state, lacks, demand }: Judged, judged: readonly Judged[]): string {
  const met = judged.filter((one) => one.state === "met" && demand.orBy.includes(one.demand.name));
  switch (state) {
    case "met":
      return "satisfied";
    case "replaced":
      return `not needed: ${met.map((one) => inertSpan(one.demand.name)).join(", ")} takes its place`;
    case "unneeded":
      return `not needed: satisfied without it`;
    default:
      return `**waiting for ${lacks}**${orElse(demand, judged)}`;
  }
}

/** The other way, where there are two: of either side. */
function orElse({ source, name, orBy }: Demand, judged: readonly Judged[]): string {
  const ofRule = source === "rule" ? name : null;
  const replaced = judged.filter(({ demand }) => ofRule !== null && demand.orBy.includes(ofRule));
  const others = replaced.length > 0 ? replaced.map(({ demand }) => demand.name) : orBy;
  return others.length === 0 ? "" : `, or else for ${others.map((other) => inertSpan(other)).join(", ")}`;
}

function countText({ count, lacks, from }: Counted): string {
  const asked = `${count.approvals} of ${count.anyOf.map(approver).join(", ")}`;
  const same = from.length === count.anyOf.length;
  if (lacks === 0 || same) return asked;
  return from.length === 0
    ? `${asked} (nobody of them is left)`
    : `${asked} (left: ${from.map(approver).join(", ")})`;
}

function approver(one: Approver): string {
  return inertSpan(approverName(one));
}

/** Why a demand is made, for its column. */
function because(demand: Demand): string {
  if (demand.source === "configuration") {
    return demand.name === "CODEOWNERS"
      ? "`CODEOWNERS` is changed, by which rules ask"
      : "the configuration is changed";
  }
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
    ...condition("label", when.labels),
    ...(when.lines === undefined ? [] : [linesText(when.lines)]),
  ];
  return given.length === 0 ? "" : `; ${given.join("; ")}`;
}

function condition(name: string, values: readonly string[] | undefined): readonly string[] {
  return values === undefined ? [] : [`${name} ${values.map((value) => inertSpan(value)).join(", ")}`];
}

function linesText({ atLeast, atMost }: Lines): string {
  const bounds = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ];
  return `${bounds.join(" and ")} lines`;
}

function unapprovedFiles({ state, counts }: Judged): readonly string[] {
  if (state !== "waiting") return [];
  const files = new Map(
    counts.flatMap(({ lacks, unapproved }) =>
      lacks === 0 ? [] : unapproved.map((file) => [file.path, file] as const),
    ),
  );
  const shown = [...files.values()].slice(0, 50);
  const more = files.size > shown.length ? [`${files.size - shown.length} more`] : [];
  return [...shown.map((file) => `${inertSpan(file.path)}: ${inertSpan(ownersText(file))}`), ...more];
}

function freezeText({ freeze, apps, blocks, byRules, byPeople }: JudgedFreeze): string {
  const what = apps
    .slice(0, 10)
    .map(({ name, environment }) => `${inertSpan(name)} (${inertSpan(environment)})`);
  const until = `${inertSpan(freeze.name)} until ${inertSpan(endText(freeze))}: ${what.join(", ")}`;
  if (!blocks) {
    const by = [...byRules, ...byPeople.map(({ login }) => login)].map((name) => inertSpan(name));
    return `${until}. Let through by ${by.join(", ")}`;
  }
  const except = freeze.except.map(approver).join(", ");
  return except === "" ? until : `${until}. An approval of ${except} lets it through`;
}

function paragraph(head: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  return [`**${head}**\n\n${items.map((item) => `- ${item}`).join("\n")}`];
}
