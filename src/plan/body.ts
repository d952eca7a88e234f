/** What a pull request of ours says: its title, and its body with the hidden marker. */

import { createHash } from "node:crypto";
import type { Automerge } from "../config/pull-settings.ts";
import type { Person } from "../model/pull.ts";
import type { SignoffRules } from "../signoff/rule.ts";
import { fitBlocks } from "../text/markdown.ts";
import { summaryOf, titleOf } from "./body-summary.ts";
import { movesTable, newsBlocks, reasons } from "./body-tables.ts";
import { type FactsOf, noFacts } from "./bump-facts.ts";
import { type BumpMarker, makeBumpMarker } from "./bump-marker.ts";
import type { Unit } from "./unit.ts";

/** What a text is made of beside the unit: who may sign what, what merges by itself, and as whom we act. */
export interface Setting {
  readonly rules: SignoffRules;
  readonly automerge?: Automerge;
  readonly self: Person;
}

export interface PullText {
  readonly title: string;
  /** Of title and body as they are without facts of registries: the same for the same unit and rules. */
  readonly hash: string;
  body(facts: FactsOf, marker: BumpMarker): string;
}

export function pullText(unit: Unit, setting: Setting): PullText {
  const title = titleOf(unit);
  const blocks = (facts: FactsOf): readonly string[] => [
    summaryOf(unit, setting, facts),
    ...(unit.continues === undefined ? [] : [continuation(unit.continues)]),
    movesTable(unit, facts),
    reasons(unit),
    ...newsBlocks(unit, facts),
    nextSteps,
  ];
  const hash = createHash("sha256")
    .update([title, ...blocks(noFacts)].join("\n\n"))
    .digest("hex")
    .slice(0, 16);
  return { title, hash, body: (facts, marker) => fitBlocks(blocks(facts), makeBumpMarker(marker)) };
}

function continuation(number: number): string {
  return `It takes the place of #${number}, to which somebody else has pushed and whose lines the default branch has changed since.`;
}

const nextSteps = [
  "**What you can do**\n",
  "- Approve it; the check `lockkeeper/signoff` says what is still missing, and so does `/lockkeeper status`.",
  "- Close it, or say `/lockkeeper hold` and why: this version is not proposed again, only a later one. `/lockkeeper resume` takes that back.",
  "- Leave conflicts to Lockkeeper: the branch is built anew when the default branch changes these lines; `/lockkeeper rebase` does so at once.",
].join("\n");
