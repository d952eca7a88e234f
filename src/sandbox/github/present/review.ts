/** Reviews as JSON: of the REST description, and of the webhooks, which write the state in small letters. */

import type { Review } from "../pull-state.ts";
import type { Repository } from "../repository-state.ts";
import type { Store } from "../store.ts";
import { associationOf } from "./issue.ts";
import { nodeId, time } from "./links.ts";
import { apiOf, pageOfRepository } from "./repository.ts";
import { presentUser } from "./user.ts";

/** `pull-request-review`. */
export function presentReview(store: Store, repository: Repository, review: Review): Record<string, unknown> {
  const { number } = review.pull.issue;
  const html = `${pageOfRepository(store, repository)}/pull/${number}#pullrequestreview-${review.id}`;
  const pull = `${apiOf(store, repository)}/pulls/${number}`;
  return {
    id: review.id,
    node_id: nodeId("PRR", review.id),
    user: presentUser(store, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(store, repository, review.user),
    _links: { html: { href: html }, pull_request: { href: pull } },
    commit_id: review.commitId,
    ...(review.submittedAt && { submitted_at: time(review.submittedAt) }),
  };
}

/** `pull-request-review` of the webhook schemas. */
export function presentToldReview(
  store: Store,
  repository: Repository,
  review: Review,
): Record<string, unknown> {
  return {
    ...presentReview(store, repository, review),
    body: review.body === "" ? null : review.body,
    state: review.state.toLowerCase(),
  };
}
