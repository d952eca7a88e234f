/** The record of one decision and of all that it was made from, as text that stands in the check and is read back from it. */

import { z } from "zod";

const person = z.object({ id: z.number(), login: z.string() });
const commit = z.string().regex(/^[0-9a-f]{40,64}$/);

const demand = z.object({
  source: z.string(),
  name: z.string(),
  approvals: z.number(),
  /** Texts of approvers, as the configuration writes them. */
  anyOf: z.array(z.string()),
  has: z.array(person),
  lacks: z.number(),
  /** `met`, `waiting`, or why it is not waited for although it lacks something: `replaced`, `unneeded`. */
  state: z.string().optional(),
});

const approval = person.extend({
  state: z.enum(["approved", "changes-requested"]),
  /** Which of those who are asked the person was then: what their memberships and permissions came to. */
  is: z.array(z.string()),
  counts: z.boolean(),
  /** Why it does not count; empty where it does. */
  why: z.string(),
});

/** Version 1. Fields are added and never given another meaning. */
const record = z.object({
  version: z.literal(1),
  pull: z.number(),
  /** Tip of the default branch, from which the configuration was read, and where the pull request leaves that branch. */
  base: commit,
  mergeBase: commit,
  /** Head of the pull request, and the tree there. */
  head: commit,
  tree: z.string(),
  /** SHA-256 of every changed file and what it holds afterwards. */
  change: z.string(),
  /** Git's id of the configuration file; empty where it could not be read. */
  policy: z.string(),
  author: person,
  contributors: z.array(z.object({ login: z.string(), part: z.string(), sha: z.string().nullable() })),
  demands: z.array(demand),
  approvals: z.array(approval),
  unattributed: z.array(z.string()),
  /** Names of the freezes that held at the time. */
  freezes: z.array(z.string()),
  /** Who let it pass although something was missing, and why. */
  override: person.extend({ why: z.string() }).nullable(),
  satisfied: z.boolean(),
  /** Entries of lists that were left out, as the record would have been too long. */
  cut: z.number(),
});

/** Everything that one verdict was made from. No text of the pull request and nothing secret is in it. */
export type AuditRecord = z.infer<typeof record>;

/** For all records of one check; GitHub takes 65,535 characters of text. */
const textLimit = 60_000;
const longestString = 300;

const opening = "<details>\n<summary>Record of this decision, for machines</summary>\n\n```json\n";
const closing = "\n```\n\n</details>";

/** A folded block of Markdown, for the text of the check. The same records give the same text. */
export function auditText(records: readonly AuditRecord[]): string {
  for (const keep of [200, 50, 10, 0]) {
    const lines = records.map((one) => safeJson(shortened(one, keep)));
    const text = `${opening}${lines.join("\n")}${closing}`;
    if (text.length <= textLimit) return text;
  }
  return "";
}

/** The records of a check that this App made; whatever is not understood is left out. */
export function readAudit(text: string): readonly AuditRecord[] {
  const [, lines] = text.split("```");
  const found = (lines ?? "").split("\n").filter((line) => line.startsWith("{"));
  return found.flatMap((line) => {
    const parsed = record.safeParse(parseJson(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Lists of at most `keep` entries, demands and those who count for them first of all. */
function shortened(one: AuditRecord, keep: number): AuditRecord {
  const lists = [one.contributors, one.demands, one.approvals, one.unattributed];
  const cut = lists.reduce((sum, list) => sum + Math.max(0, list.length - keep), one.cut);
  return {
    ...one,
    contributors: one.contributors.slice(0, keep),
    demands: one.demands.slice(0, keep),
    approvals: one.approvals.toSorted((a, b) => Number(b.counts) - Number(a.counts)).slice(0, keep),
    unattributed: one.unattributed.slice(0, keep),
    cut,
  };
}

/** JSON on one line, in which nothing can end the fence, begin a tag or be a mark that only looks like another. */
function safeJson(value: AuditRecord): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "string" ? part.toWellFormed().slice(0, longestString) : part,
  );
  return text.replaceAll(/[`<>&\u007f-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
