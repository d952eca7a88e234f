import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AuditRecord, auditText, readAudit } from "../../src/signoff/audit.ts";
import { auditRecord } from "./records.ts";

const approval = (login: string, more: Partial<AuditRecord["approvals"][number]> = {}) => {
  return { id: 1, login, state: "approved" as const, is: ["team:acme/sre"], counts: true, why: "", ...more };
};

describe("the record of a decision", () => {
  test("is read back as it was written, whatever stands in its names", () => {
    const name = fc.string({ unit: "binary", maxLength: 80 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, fc.boolean()), { maxLength: 5 }), (rows) => {
        const records = rows.map(([login, why, satisfied], at) =>
          auditRecord(at, { satisfied, approvals: [approval(login, { why })], freezes: [why] }),
        );
        expect(readAudit(auditText(records))).toEqual(records);
      }),
    );
  });

  test("lets nothing out of its fence, and nothing in it be seen as another text", () => {
    const hostile = "```\n</details> @all <!-- lockkeeper: --> \u202e&lt;";
    const text = auditText([auditRecord(1, { demands: [{ ...demand, name: hostile }] })]);
    expect(text.split("```")).toHaveLength(3);
    expect(text.split("\n").filter((line) => line.includes("all"))).toHaveLength(1);
    expect(text.match(/<[^>]*>/g)).toEqual(["<details>", "<summary>", "</summary>", "</details>"]);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test("fits into a check whatever happens, keeps who counts, and says how much it left out", () => {
    const crowd = Array.from({ length: 3000 }, (_, id) =>
      approval(`person-${id}`, { id, counts: id === 2999 }),
    );
    const text = auditText([auditRecord(1, { approvals: crowd }), auditRecord(2, { approvals: crowd })]);
    expect(text.length).toBeLessThanOrEqual(65_535);
    const [first, second] = readAudit(text);
    expect(first?.approvals[0]?.login).toBe("person-2999");
    expect(first?.cut).toBe(3000 - (first?.approvals.length ?? 0));
    expect(second?.pull).toBe(2);
  });

  test.each([
    ["no text", ""],
    ["prose", "All is well."],
    ["another fence", "```json\n{}\n```"],
    ["another version", `\`\`\`json\n${JSON.stringify({ ...auditRecord(1), version: 2 })}\n\`\`\``],
    ["no JSON", "```json\n{\n```"],
  ])("is not read out of %s", (_, text) => {
    expect(readAudit(text)).toEqual([]);
  });
});

const demand = {
  source: "rule",
  name: "production",
  approvals: 1,
  anyOf: ["team:acme/sre"],
  has: [],
  lacks: 1,
};
