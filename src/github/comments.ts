/** Comments on issues and pull requests. */

import type { components } from "@octokit/openapi-types";
import type { Result } from "../model/failure.ts";
import type { Person } from "../model/pull.ts";
import type { IssueComment, Issues } from "../ports/forge.ts";
import { collect, perPage } from "./collect.ts";
import { isOurs } from "./ours.ts";
import { person } from "./person.ts";
import type { Place } from "./place.ts";
import { attempt } from "./translate.ts";

type RawComment = components["schemas"]["issue-comment"];
type CommentPart = Pick<Issues, "comments" | "recentComments" | "comment" | "updateComment">;

const threadRoute = "/repos/{owner}/{repo}/issues/{issue_number}/comments";

export function commentsOf(place: Place): CommentPart {
  const { octokit, at } = place;
  const read = async <T>(what: string, call: (self: Person) => Promise<T>): Promise<Result<T>> => {
    const self = await place.self();
    return self.ok ? attempt(what, () => call(self.value)) : self;
  };
  return {
    comments: (number) =>
      read(`list the comments of #${number}`, async (self) => {
        const { items } = await collect((page) =>
          octokit.request(`GET ${threadRoute}`, { ...at, issue_number: number, per_page: perPage, page }),
        );
        return items.map((raw) => toComment(raw, self)).sort((a, b) => a.id - b.id);
      }),
    recentComments: (since) =>
      read("list recent comments", async (self) => {
        const { items } = await collect((page) =>
          octokit.request("GET /repos/{owner}/{repo}/issues/comments", {
            ...at,
            since,
            sort: "updated",
            direction: "asc",
            per_page: perPage,
            page,
          }),
        );
        return items.map((raw) => toComment(raw, self));
      }),
    comment: (number, body) =>
      read(`comment on #${number}`, async (self) => {
        const { data } = await octokit.request(`POST ${threadRoute}`, { ...at, issue_number: number, body });
        return toComment(data, self);
      }),
    updateComment: (id, body) =>
      read("edit a comment", async (self) => {
        const { data } = await octokit.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
          ...at,
          comment_id: id,
          body,
        });
        return toComment(data, self);
      }),
  };
}

function toComment(raw: RawComment, self: Person): IssueComment {
  return {
    id: Number(raw.id),
    issue: Number(raw.issue_url.slice(raw.issue_url.lastIndexOf("/") + 1)),
    body: raw.body ?? "",
    author: person(raw.user),
    ours: isOurs(raw, self.id),
    createdAt: raw.created_at,
    updatedAt: raw.updated_at,
  };
}
