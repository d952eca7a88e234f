/** What people may do in a repository and which teams and organisations they are in, asked live. */

import type { Permission } from "../model/pull.ts";
import type { People } from "../ports/forge.ts";
import type { Place } from "./place.ts";
import { attempt, failureOf } from "./translate.ts";

const permissions: ReadonlySet<string> = new Set([
  "admin",
  "maintain",
  "write",
  "triage",
  "read",
  "none",
] satisfies Permission[]);

export function peopleOf({ octokit, at }: Place): People {
  return {
    permission: (login) =>
      attempt(`read the permission of ${login}`, async () => {
        const answer = await orNull(
          octokit.request("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
            ...at,
            username: login,
          }),
        );
        return answer === null ? "none" : toPermission(answer.data.role_name, answer.data.permission);
      }),
    inTeam: (team, login) =>
      attempt(`ask whether ${login} is in ${team}`, async () => {
        const [org = "", slug = ""] = team.split("/");
        const answer = await orNull(
          octokit.request("GET /orgs/{org}/teams/{team_slug}/memberships/{username}", {
            org,
            team_slug: slug,
            username: login,
          }),
        );
        return answer?.data.state === "active";
      }),
    inOrganisation: (org, login) =>
      attempt(`ask whether ${login} is a member of ${org}`, async () => {
        const answer = await orNull(
          octokit.request("GET /orgs/{org}/memberships/{username}", { org, username: login }),
        );
        return answer?.data.state === "active";
      }),
  };
}

/** GitHub says 404 of an account without access and of one that is not in a team or organisation. */
async function orNull<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (failureOf(error)?.code === "not-found") return null;
    throw error;
  }
}

/**
 * The role tells `maintain` from `write` and `triage` from `read`, which `permission` does not; a role that an
 * organisation made itself has a name of its own, and then `permission` says what it builds on.
 */
function toPermission(role: string, permission: string): Permission {
  const known = permissions.has(role) ? role : permission;
  return permissions.has(known) ? (known as Permission) : "none";
}
