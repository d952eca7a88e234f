/** Who can give an approval: how it is written, and what a permission reaches. */

import type { Permission } from "../model/pull.ts";
import type { Approver } from "./rule.ts";

const ranks: readonly Permission[] = ["none", "read", "triage", "write", "maintain", "admin"];

/** As the configuration writes it: `team:acme/sre`, `user:ada`, `write`. Equal text means the same approver. */
export function approverText(approver: Approver): string {
  switch (approver.type) {
    case "team":
      return `team:${approver.team.toLowerCase()}`;
    case "user":
      return `user:${approver.login.toLowerCase()}`;
    default:
      return approver.atLeast;
  }
}

/** For people: `acme/sre`, `ada`, `people who can write`. */
export function approverName(approver: Approver): string {
  switch (approver.type) {
    case "team":
      return approver.team;
    case "user":
      return approver.login;
    default:
      return { write: "people who can write", maintain: "maintainers", admin: "administrators" }[
        approver.atLeast
      ];
  }
}

/** Whether somebody with this permission has at least the other one. */
export function reaches(permission: Permission, atLeast: Permission): boolean {
  return ranks.indexOf(permission) >= ranks.indexOf(atLeast);
}
