/** Reviews of pull requests, and who is asked for one. */

import { appOf, includesRole, roleOf } from "../actor.ts";
import { ApiError, notFound, validationFailed } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { emit } from "../emit.ts";
import { optionalText, optionalWord, text } from "../input.ts";
import { paginate } from "../page.ts";
import { presentReview, presentToldReview } from "../present/review.ts";
import { presentToldPullSimple } from "../present/told-pull.ts";
import type { Review } from "../pull-state.ts";
import type { Context, Route } from "../router.ts";
import { checkedBody } from "../text-limit.ts";
import { writerOf } from "../writer.ts";
import { pullOfContext } from "./pulls.ts";

const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;
const verdicts = ["APPROVE", "REQUEST_CHANGES", "COMMENT"] as const;

/** Drafts are seen by their author only. */
function visibleReviews(context: Context): Review[] {
  const pull = pullOfContext(context);
  const { actor } = context;
  return context.repository.reviews.filter(
    (review) =>
      review.pull === pull &&
      (review.state !== "PENDING" || (actor.kind === "user" && actor.user === review.user)),
  );
}

function reviewOfContext(context: Context): Review {
  const id = Number(context.params["review_id"]);
  const review = visibleReviews(context).find((candidate) => candidate.id === id);
  if (!review) throw notFound();
  return review;
}

/** One's own pull request can be commented on, not approved; a closed one can still be reviewed. */
function checkVerdict(context: Context, verdict: (typeof verdicts)[number], body: string): void {
  const own = pullOfContext(context).issue.user === writerOf(context);
  if (own && verdict === "APPROVE") throw unprocessable("Can not approve your own pull request");
  if (own && verdict === "REQUEST_CHANGES") {
    throw unprocessable("Can not request changes on your own pull request");
  }
  if (verdict !== "APPROVE" && body === "") throw unprocessable("Body can not be blank");
}

function unprocessable(message: string): ApiError {
  return new ApiError(422, "Unprocessable Entity", { errors: [message] });
}

function createReview(context: Context): Answer {
  const { hub, repository, body, actor } = context;
  const pull = pullOfContext(context);
  const verdict = optionalWord(body, "event", verdicts);
  const words = checkedBody("PullRequestReview", optionalText(body, "body") ?? "");
  if (verdict) checkVerdict(context, verdict, words);
  const review: Review = {
    id: hub.store.nextId(),
    pull,
    user: writerOf(context),
    app: appOf(actor),
    state: verdict ? states[verdict] : "PENDING",
    body: words,
    commitId: optionalText(body, "commit_id") ?? pull.headSha,
    submittedAt: verdict ? hub.store.now() : null,
  };
  repository.reviews.push(review);
  if (verdict) submitted(context, review);
  return { status: 200, body: presentReview(hub.store, repository, review) };
}

function submitReview(context: Context): Answer {
  const { hub, repository, body } = context;
  const review = reviewOfContext(context);
  if (review.state !== "PENDING") throw unprocessable("Can not submit a review that is not pending");
  const verdict = optionalWord(body, "event", verdicts);
  if (!verdict)
    throw validationFailed({ resource: "PullRequestReview", field: "event", code: "missing_field" });
  const words = optionalText(body, "body") ?? review.body;
  checkVerdict(context, verdict, words);
  review.body = words;
  review.state = states[verdict];
  review.submittedAt = hub.store.now();
  submitted(context, review);
  return { status: 200, body: presentReview(hub.store, repository, review) };
}

/** Whoever reviews is no longer asked to. */
function submitted(context: Context, review: Review): void {
  const { pull, user } = review;
  const asked = pull.requestedReviewers.indexOf(user);
  if (asked >= 0) pull.requestedReviewers.splice(asked, 1);
  pull.issue.updatedAt = context.hub.store.now();
  announceReview(context, review, "submitted");
}

function announceReview(context: Context, review: Review, action: "submitted" | "dismissed"): void {
  const { hub, repository } = context;
  emit(hub, {
    event: "pull_request_review",
    action,
    repository,
    sender: writerOf(context),
    payload: {
      review: presentToldReview(hub.store, repository, review),
      pull_request: presentToldPullSimple(hub.store, repository, review.pull),
    },
  });
}

function dismissReview(context: Context): Answer {
  const { hub, repository, body, actor } = context;
  const review = reviewOfContext(context);
  text(body, "message");
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED") {
    throw unprocessable(`Can not dismiss a ${review.state.toLowerCase()} pull request review`);
  }
  if (actor.kind === "user" && !includesRole(roleOf(hub.store, repository, actor.user), "write")) {
    throw new ApiError(403, "You do not have permission to dismiss this review");
  }
  review.state = "DISMISSED";
  announceReview(context, review, "dismissed");
  return { status: 200, body: presentReview(hub.store, repository, review) };
}

const reviews = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews";
const read = { name: "pull_requests", level: "read" } as const;
const write = { name: "pull_requests", level: "write" } as const;

export const reviewRoutes: readonly Route[] = [
  {
    method: "GET",
    path: reviews,
    permission: read,
    handle: (context) =>
      paginate(context, visibleReviews(context), (review) =>
        presentReview(context.hub.store, context.repository, review),
      ),
  },
  { method: "POST", path: reviews, permission: write, role: "read", handle: createReview },
  {
    method: "GET",
    path: `${reviews}/{review_id}`,
    permission: read,
    handle: (context) => ({
      status: 200,
      body: presentReview(context.hub.store, context.repository, reviewOfContext(context)),
    }),
  },
  {
    method: "POST",
    path: `${reviews}/{review_id}/events`,
    permission: write,
    role: "read",
    handle: submitReview,
  },
  { method: "PUT", path: `${reviews}/{review_id}/dismissals`, permission: write, handle: dismissReview },
];
