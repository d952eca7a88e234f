/** Shows a new pull request to the people whom the configuration names: reviewers, assignees, labels. */

import type { Reviewer } from "../../config/pull-settings.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { PullRequest } from "../../model/pull.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import type { RepositoryForge, ReviewRequest } from "../../ports/forge.ts";
import type { Survey } from "./scan-survey.ts";
import type { World } from "../world.ts";

/** What it takes: the repository with its settings. */
export interface Host {
  readonly world: Pick<World, "log">;
  readonly repository: RepositoryRef;
  readonly forge: RepositoryForge;
  readonly survey: Pick<Survey, "config">;
}

/**
 * The labels come last and say that all is done: a pull request with none is one that a run was killed before. Where no labels
 * are wanted, nothing says so, and people are only asked as it is `opened`. Somebody who cannot be asked keeps nobody else
 * from it.
 */
export async function introduce(host: Host, pull: PullRequest, opened = false): Promise<Result<void>> {
  const { labels } = host.survey.config.pulls;
  if (pull.labels.length > 0 || (labels.length === 0 && !opened)) return ok(undefined);
  const asked = await askPeople(host, pull.number);
  if (!asked.ok || labels.length === 0) return asked;
  return host.forge.issues.addLabels(pull.number, labels);
}

async function askPeople(host: Host, number: number): Promise<Result<void>> {
  const { reviewers, assignees } = host.survey.config.pulls;
  if (reviewers.length > 0) {
    const requested = await requestReviews(host, number, reviewers);
    if (!requested.ok) return requested;
  }
  return assignees.length > 0 ? host.forge.issues.assign(number, assignees) : ok(undefined);
}

/** All at once; where GitHub refuses, one by one, and those it refuses are told to whoever runs this. */
async function requestReviews(
  host: Host,
  number: number,
  reviewers: readonly Reviewer[],
): Promise<Result<void>> {
  const { pulls } = host.forge;
  const together = await pulls.requestReviews(number, requestOf(reviewers));
  if (together.ok || together.failure.code !== "rejected") return together;
  for (const reviewer of reviewers) {
    const alone = await pulls.requestReviews(number, requestOf([reviewer]));
    if (alone.ok) continue;
    if (alone.failure.code !== "rejected") return alone;
    const about = { repository: host.repository.id, pull: number, reviewer };
    host.world.log.warn(about, "a reviewer of the configuration cannot be asked");
  }
  return ok(undefined);
}

function requestOf(reviewers: readonly Reviewer[]): ReviewRequest {
  return {
    users: reviewers.flatMap((reviewer) => (reviewer.type === "user" ? reviewer.login : [])),
    teams: reviewers.flatMap((reviewer) => (reviewer.type === "team" ? reviewer.team : [])),
  };
}
