/** What the check says of a commit: the strictest of the judgements over all pull requests that would merge it. */

import { createHash } from "node:crypto";
import type { CheckConclusion, CheckReport } from "../../ports/checks.ts";
import { type AuditRecord, auditText } from "../../signoff/audit.ts";
import { signoffCheck } from "../../signoff/check-name.ts";
import { verdictBlocks } from "../../signoff/report.ts";
import { verdictTitle } from "../../signoff/title.ts";
import { inertLine, inertSpan } from "../../text/inert.ts";
import { fitBlocks } from "../../text/markdown.ts";
import type { Judgement } from "./check-judge.ts";

/** A judgement that has something to say. */
export type Spoken = Exclude<Judgement, { type: "unwatched" }>;

const strictestFirst: readonly CheckConclusion[] = ["failure", "action_required", "success"];

/** Equal judgements and notes (Markdown blocks) give an equal `externalId`. `judgements` holds at least one. */
export function checkReport(
  sha: string,
  judgements: readonly [Spoken, ...Spoken[]],
  notes: readonly string[] = [],
): CheckReport {
  const ordered = judgements.toSorted((a, b) => rank(a) - rank(b) || a.pull - b.pull);
  const worst = ordered[0] ?? judgements[0];
  const several = ordered.length > 1;
  const conclusion = conclusionOf(worst);
  const title = several ? `Pull request ${worst.pull}: ${titleOf(worst)}` : titleOf(worst);
  const blocks = ordered.flatMap((judgement) => [
    ...(several ? [`### Pull request ${judgement.pull}`] : []),
    ...judgementBlocks(judgement),
  ]);
  const summary = fitBlocks([...blocks, ...notes]);
  const pulls = ordered.map(({ pull }) => pull);
  const records = auditsOf(ordered);
  // Where the default branch stands is recorded, and is no news by itself: it moves all the time.
  const lasting = records.map(({ policy, change, approvals }) => [policy, change, approvals]);
  const externalId = createHash("sha256")
    .update(JSON.stringify([pulls, conclusion, title, summary, lasting]))
    .digest("hex");
  const text = records.length === 0 ? {} : { text: auditText(records) };
  return { name: signoffCheck, sha, externalId, conclusion, title, summary, ...text };
}

/** The records of those that came to a verdict. */
export function auditsOf(judgements: readonly Spoken[]): readonly AuditRecord[] {
  return judgements.flatMap((judgement) => (judgement.type === "verdict" ? [judgement.audit] : []));
}

/** The judgement as Markdown blocks; the status command answers with the same. */
export function judgementBlocks(judgement: Spoken): readonly string[] {
  switch (judgement.type) {
    case "verdict":
      return verdictBlocks(judgement.verdict);
    case "broken":
      return [
        "The configuration is not understood, so nothing can be signed off:",
        judgement.problems.map((problem) => `- ${inertSpan(problemText(problem), 500)}`).join("\n"),
        "A pull request that changes this file alone, and leaves it in order, can be signed off by administrators.",
      ];
    case "stray":
      return [`${inertSpan(judgement.why)}: put it into the queue again.`];
    default:
      return [
        `${inertSpan(judgement.why)}: split the pull request, so that its approval can be bound to what it changes.`,
      ];
  }
}

/** One sentence of plain text. */
export function titleOf(judgement: Spoken): string {
  switch (judgement.type) {
    case "verdict":
      return verdictTitle(judgement.verdict);
    case "broken": {
      const [first] = judgement.problems;
      return inertLine(
        first === undefined ? "The configuration is not understood." : problemText(first),
        250,
      );
    }
    case "stray":
      return "The merge queue has built something else than what was approved.";
    default:
      return "It changes more than GitHub lists: split the pull request.";
  }
}

/** `file:line:column: message`, as it was written. */
export function problemText({
  file,
  line,
  column,
  message,
}: {
  file: string;
  line: number;
  column: number;
  message: string;
}) {
  return `${file}:${line}:${column}: ${message}`;
}

function conclusionOf(judgement: Spoken): CheckConclusion {
  if (judgement.type !== "verdict") return "failure";
  return judgement.verdict.satisfied ? "success" : "action_required";
}

function rank(judgement: Spoken): number {
  return strictestFirst.indexOf(conclusionOf(judgement));
}
