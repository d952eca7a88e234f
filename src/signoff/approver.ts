/** Who can give an approval: how it is written. */

import type { Approver } from "./rule.ts";

/** As the configuration writes it: `team:acme/sre`, `user:ada`, `write`. Equal text means the same approver. */
export function approverText(approver: Approver): string {
  switch (approver.type) {
    case "team":
      return `team:${approver.team.toLowerCase()}`;
    case "user":
      return `user:${approver.login.toLowerCase()}`;
    case "organisation":
      return `org:${approver.organisation.toLowerCase()}`;
    case "codeowners":
      return "codeowners";
    default:
      return approver.atLeast;
  }
}

/** For people: `acme/sre`, `ada`, `members of acme`, `people who can write`, `code owners`. */
export function approverName(approver: Approver): string {
  switch (approver.type) {
    case "team":
      return approver.team;
    case "user":
      return approver.login;
    case "organisation":
      return `members of ${approver.organisation}`;
    case "codeowners":
      return "code owners";
    default:
      return { write: "people who can write", maintain: "maintainers", admin: "administrators" }[
        approver.atLeast
      ];
  }
}

/** Whether its name is prose of ours, with at most the name of an organisation in it. */
export function isDescribed({ type }: Approver): boolean {
  return type === "permission" || type === "codeowners";
}
