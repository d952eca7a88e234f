/** Who can give an approval: how it is written. */

import type { Approver } from "./rule.ts";

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
