/** A record of a decision, so that each test names only what it is about. */

import type { AuditRecord } from "../../src/signoff/audit.ts";

const sha = (digit: string): string => digit.repeat(40);

export function auditRecord(pull: number, more: Partial<AuditRecord> = {}): AuditRecord {
  return {
    version: 1,
    pull,
    base: sha("a"),
    mergeBase: sha("b"),
    head: sha("c"),
    tree: sha("d"),
    change: "e".repeat(64),
    policy: sha("f"),
    author: { id: 4, login: "mallory" },
    contributors: [],
    demands: [],
    approvals: [],
    unattributed: [],
    freezes: [],
    override: null,
    satisfied: true,
    cut: 0,
    ...more,
  };
}
