/** Which of the asked-for approvers a person is: permission and membership as they are now. */

import { type Result, ok } from "../../model/failure.ts";
import { reaches } from "../../model/permission.ts";
import type { Permission, Person } from "../../model/pull.ts";
import type { People } from "../../ports/forge.ts";
import { approverText } from "../../signoff/approver.ts";
import type { Approver } from "../../signoff/rule.ts";

/** The texts (`approverText`) of the approvers that this person is. A bot is none: it is not even asked about. */
export async function matchesOf(
  people: People,
  person: Person,
  approvers: readonly Approver[],
): Promise<Result<readonly string[]>> {
  const distinct = new Map(approvers.map((approver) => [approverText(approver), approver]));
  const matches: string[] = [];
  let permission: Permission | undefined;
  for (const [text, approver] of person.bot ? [] : distinct) {
    if (approver.type === "permission" && permission === undefined) {
      const read = await people.permission(person.login);
      if (!read.ok) return read;
      permission = read.value;
    }
    const is = await isApprover(people, person, approver, permission ?? "none");
    if (!is.ok) return is;
    if (is.value) matches.push(text);
  }
  return ok(matches);
}

async function isApprover(
  people: People,
  person: Person,
  approver: Approver,
  permission: Permission,
): Promise<Result<boolean>> {
  if (approver.type === "team") return people.inTeam(approver.team, person.login);
  if (approver.type === "organisation") return people.inOrganisation(approver.organisation, person.login);
  if (approver.type === "permission") return ok(reaches(permission, approver.atLeast));
  return ok(approver.type === "user" && approver.login.toLowerCase() === person.login.toLowerCase());
}

/** The same people, each question asked once, so that several demands and pull requests of one run share the answer. */
export function askedOnce(people: People): People {
  const answers = new Map<string, Promise<Result<unknown>>>();
  const once = <T>(question: readonly string[], ask: () => Promise<Result<T>>): Promise<Result<T>> => {
    const key = JSON.stringify(question);
    const known = answers.get(key) ?? ask();
    answers.set(key, known);
    return known as Promise<Result<T>>;
  };
  return {
    permission: (login) => once(["permission", login], () => people.permission(login)),
    inTeam: (team, login) => once(["team", team, login], () => people.inTeam(team, login)),
    inOrganisation: (organisation, login) =>
      once(["organisation", organisation, login], () => people.inOrganisation(organisation, login)),
  };
}
