/** What is wrong with the settings of GitHub that should hold a merge back until the check lets it through. */

import { inertSpan } from "../text/inert.ts";
import { signoffCheck } from "./check-name.ts";

/** What guards a branch; the port tells it. */
interface Guarded {
  readonly check: "ours" | "any" | "none";
  readonly pullRequests: "required" | "optional" | "hidden";
  readonly dismissesStale: boolean;
  readonly lastPushApproval: boolean;
}

/** One line of Markdown for each; what has to be repaired comes first. */
export function guardProblems(branch: string, guard: Guarded): readonly string[] {
  const name = inertSpan(branch);
  return [
    ...(guard.check === "none"
      ? [
          `\`${signoffCheck}\` is not required on ${name}, so that GitHub merges whatever it says: require it there, with this App as its source.`,
        ]
      : []),
    ...(guard.check === "any"
      ? [
          `\`${signoffCheck}\` is required on ${name}, but not from this App, so that whoever can write can set it: choose this App as its source.`,
        ]
      : []),
    ...(guard.pullRequests === "optional"
      ? [`${name} takes pushes past every pull request: require one there.`]
      : []),
    ...(guard.dismissesStale
      ? [
          `GitHub dismisses approvals on ${name} at every push, also where a branch is built anew with the same change: switch that off, as this check drops those that were given for another change.`,
        ]
      : []),
    ...(guard.lastPushApproval
      ? [
          `GitHub wants on ${name} an approval after the last push, so that a branch that is built anew waits for one more: switch that off, as nobody who pushed can approve here.`,
        ]
      : []),
  ];
}

/** For the check: the problems, and what cannot be seen. */
export function guardBlock(branch: string, guard: Guarded): string {
  const unseen =
    guard.pullRequests === "hidden"
      ? "Who may bypass the protection of this branch, and whether it wants pull requests, is shown to administrators only."
      : "Who may bypass the rules of this branch is shown to administrators only.";
  return [...guardProblems(branch, guard), unseen].map((line) => `- ${line}`).join("\n");
}
