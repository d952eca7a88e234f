/** Where a command was given: a pull request or drift issue counts as ours by who opened it, never by what it says. */

import type { Place } from "../commands/command.ts";
import { type Result, ok } from "../model/failure.ts";
import type { Person } from "../model/pull.ts";
import type { RepositoryRef } from "../model/repository.ts";
import type { Issue, RepositoryForge } from "../ports/forge.ts";
import { readMarker } from "../text/marker.ts";
import { isOwnBump } from "./own-pull.ts";

export async function placeOf(
  forge: RepositoryForge,
  repository: RepositoryRef,
  number: number,
  self: Person,
): Promise<Result<Place>> {
  const issue = await forge.issues.get(number);
  if (!issue.ok) return issue;
  if (!issue.value.pull) return ok(issuePlace(issue.value, self));
  const pull = await forge.pulls.get(number);
  if (!pull.ok) return pull;
  return ok({ type: isOwnBump({ self, repository }, pull.value) ? "our-pull" : "pull" });
}

/** The path is only a name to look at: whether it is an app is for the deploy flow to find out. */
function issuePlace(issue: Issue, self: Person): Place {
  const drift = issue.author.id === self.id ? readMarker(issue.body, "drift") : undefined;
  const named = typeof drift === "object" && drift !== null && "path" in drift;
  return named && typeof drift.path === "string" ? { type: "drift", path: drift.path } : { type: "issue" };
}
