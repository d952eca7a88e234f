/** Where a command was given: a pull request or drift issue counts as ours by who opened it, never by what it says. */

import type { Place } from "../../commands/command.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Person } from "../../model/pull.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import type { Issue } from "../../ports/forge.ts";
import { readMarker } from "../../text/marker.ts";
import { readUnsigned } from "../landing/acceptance-record.ts";
import { isOwnBump } from "../scan/own-pull.ts";
import type { World } from "../world.ts";

export async function placeOf(
  world: Pick<World, "forge">,
  repository: RepositoryRef,
  number: number,
  self: Person,
): Promise<Result<Place>> {
  const forge = world.forge.open(repository, "command");
  const issue = await forge.issues.get(number);
  if (!issue.ok) return issue;
  if (!issue.value.pull) return ok(issuePlace(world, repository, issue.value, self));
  const pull = await forge.pulls.get(number);
  if (!pull.ok) return pull;
  return ok({ type: isOwnBump({ self, repository }, pull.value) ? "our-pull" : "pull" });
}

/** The path of an app that drifted is only a name to look at: whether it is an app is for the deploy flow to find out. */
function issuePlace(
  world: Pick<World, "forge">,
  repository: RepositoryRef,
  issue: Issue,
  self: Person,
): Place {
  if (issue.author.id !== self.id) return { type: "issue" };
  const landing = readUnsigned(world, repository, issue.body);
  if (landing !== null) return { type: "unsigned", landing };
  const drift = readMarker(issue.body, "drift");
  const named = typeof drift === "object" && drift !== null && "path" in drift;
  return named && typeof drift.path === "string" ? { type: "drift", path: drift.path } : { type: "issue" };
}
