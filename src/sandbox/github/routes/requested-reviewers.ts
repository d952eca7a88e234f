/** Whose review of a pull request is asked for. */

import { includesRole, roleOf } from "../actor.ts";
import { ApiError } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { texts } from "../input.ts";
import { presentPullSimple } from "../present/pull.ts";
import { presentTeam, presentToldTeam } from "../present/team.ts";
import { presentUser } from "../present/user.ts";
import { announcePull } from "../pull-life.ts";
import type { Context, Route } from "../router.ts";
import type { Account, Team } from "../state.ts";
import { findAccount, findOrganisation } from "../store.ts";
import { writerOf } from "../writer.ts";
import { pullOfContext } from "./pulls.ts";

/** People of the request; each must be able to read the repository, and nobody reviews their own. */
function namedPeople(context: Context): Account[] {
  const { hub, repository, body } = context;
  const { user: author } = pullOfContext(context).issue;
  return texts(body, "reviewers").map((login) => {
    const account = findAccount(hub.store, login);
    if (account === author) throw new ApiError(422, "Review cannot be requested from pull request author.");
    if (!account || !includesRole(roleOf(hub.store, repository, account), "read")) {
      throw new ApiError(
        422,
        "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.",
      );
    }
    return account;
  });
}

function namedTeams({ hub, repository, body }: Context): Team[] {
  const organisation = findOrganisation(hub.store, repository.owner.login);
  return texts(body, "team_reviewers").map((slug) => {
    const team = organisation?.teams.find((candidate) => candidate.slug === slug);
    if (team) return team;
    throw new ApiError(422, "Could not resolve to a node with the global id of the team");
  });
}

async function request(context: Context): Promise<Answer> {
  const { hub, repository } = context;
  const pull = pullOfContext(context);
  const sender = writerOf(context);
  const [people, teams] = [namedPeople(context), namedTeams(context)];
  for (const account of people) {
    if (pull.requestedReviewers.includes(account)) continue;
    pull.requestedReviewers.push(account);
    const payload = { requested_reviewer: presentUser(hub.store, account) };
    await announcePull(hub, repository, pull, { action: "review_requested", sender, payload });
  }
  for (const team of teams) {
    if (pull.requestedTeams.includes(team)) continue;
    pull.requestedTeams.push(team);
    const payload = { requested_team: presentToldTeam(hub.store, team) };
    await announcePull(hub, repository, pull, { action: "review_requested", sender, payload });
  }
  return { status: 201, body: presentPullSimple(hub.store, repository, pull) };
}

function withdraw(context: Context): Answer {
  const { hub, repository } = context;
  const pull = pullOfContext(context);
  const [people, teams] = [namedPeople(context), namedTeams(context)];
  const keptPeople = pull.requestedReviewers.filter((account) => !people.includes(account));
  const keptTeams = pull.requestedTeams.filter((team) => !teams.includes(team));
  pull.requestedReviewers.splice(0, Infinity, ...keptPeople);
  pull.requestedTeams.splice(0, Infinity, ...keptTeams);
  return { status: 200, body: presentPullSimple(hub.store, repository, pull) };
}

const path = "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers";
const write = { name: "pull_requests", level: "write" } as const;

export const requestedReviewerRoutes: readonly Route[] = [
  {
    method: "GET",
    path,
    permission: { name: "pull_requests", level: "read" },
    handle: (context) => {
      const { requestedReviewers, requestedTeams } = pullOfContext(context);
      const { store } = context.hub;
      const users = requestedReviewers.map((user) => presentUser(store, user));
      return { status: 200, body: { users, teams: requestedTeams.map((team) => presentTeam(store, team)) } };
    },
  },
  { method: "POST", path, permission: write, handle: request },
  { method: "DELETE", path, permission: write, handle: withdraw },
];
