/** Issues, the comments on them and on pull requests, and reactions. */

import type { components } from "@octokit/openapi-types";
import type { Result } from "../model/failure.ts";
import type { Issue, Issues, Reaction } from "../ports/forge.ts";
import { collect, perPage } from "./collect.ts";
import { commentsOf } from "./comments.ts";
import { editorsSinceOurs } from "./issue-edits.ts";
import { isOurs } from "./ours.ts";
import { person } from "./person.ts";
import type { Place } from "./place.ts";
import { attempt } from "./translate.ts";

type RawIssue = components["schemas"]["issue"];

const issueRoute = "/repos/{owner}/{repo}/issues/{issue_number}";
const reactionsRoute = "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions";

export function issuesOf(place: Place): Issues {
  const { octokit, at } = place;
  return {
    ...commentsOf(place),
    ...marking(place),
    get: (number) =>
      attempt(`read issue #${number}`, async () => {
        const { data } = await octokit.request(`GET ${issueRoute}`, { ...at, issue_number: number });
        return toIssue(data);
      }),
    ours: (label) => listOurs(place, label),
    editorsSinceOurs: (number) => editorsSinceOurs(place, number),
    create: ({ title, body, labels }) =>
      attempt(`open the issue "${title}"`, async () => {
        const { data } = await octokit.request("POST /repos/{owner}/{repo}/issues", {
          ...at,
          title,
          body,
          labels: [...labels],
        });
        return toIssue(data);
      }),
    update: (number, change) =>
      attempt(`change issue #${number}`, async () => {
        const { data } = await octokit.request(`PATCH ${issueRoute}`, {
          ...at,
          issue_number: number,
          ...change,
        });
        return toIssue(data);
      }),
    reactions: (commentId) => ourReactions(place, commentId),
    react: (commentId, reaction) =>
      attempt("react to a comment", async () => {
        await octokit.request(`POST ${reactionsRoute}`, { ...at, comment_id: commentId, content: reaction });
      }),
  };
}

function marking({ octokit, at }: Place): Pick<Issues, "addLabels" | "assign"> {
  return {
    addLabels: (number, labels) =>
      attempt(`label #${number}`, async () => {
        await octokit.request(`POST ${issueRoute}/labels`, {
          ...at,
          issue_number: number,
          labels: [...labels],
        });
      }),
    assign: (number, logins) =>
      attempt(`assign #${number}`, async () => {
        await octokit.request(`POST ${issueRoute}/assignees`, {
          ...at,
          issue_number: number,
          assignees: [...logins],
        });
      }),
  };
}

async function listOurs(place: Place, label: string): Promise<Result<readonly Issue[]>> {
  const self = await place.self();
  if (!self.ok) return self;
  return attempt(`list the issues labelled ${label}`, async () => {
    const { items } = await collect((page) =>
      place.octokit.request("GET /repos/{owner}/{repo}/issues", {
        ...place.at,
        labels: label,
        state: "all",
        sort: "created",
        direction: "desc",
        per_page: perPage,
        page,
      }),
    );
    return items.filter((raw) => raw.pull_request === undefined && isOurs(raw, self.value.id)).map(toIssue);
  });
}

async function ourReactions(place: Place, commentId: number): Promise<Result<readonly Reaction[]>> {
  const self = await place.self();
  if (!self.ok) return self;
  return attempt("list reactions to a comment", async () => {
    const { items } = await collect((page) =>
      place.octokit.request(`GET ${reactionsRoute}`, {
        ...place.at,
        comment_id: commentId,
        per_page: perPage,
        page,
      }),
    );
    const known = new Set<string>(["+1", "-1", "eyes", "confused", "rocket"] satisfies Reaction[]);
    return items
      .filter((raw) => raw.user?.id === self.value.id && known.has(raw.content))
      .map((raw) => raw.content as Reaction);
  });
}

function toIssue(raw: RawIssue): Issue {
  return {
    number: raw.number,
    title: raw.title,
    body: raw.body ?? "",
    state: raw.state === "open" ? "open" : "closed",
    author: person(raw.user),
    pull: raw.pull_request !== undefined,
    labels: raw.labels.flatMap((label) => (typeof label === "string" ? label : (label.name ?? []))),
  };
}
