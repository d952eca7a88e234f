/** Findings that a person does not want to hear of for a while: `/lockkeeper ignore 8h`. */

import { readDuration } from "../../model/duration.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import type { Finding } from "../../rollout/drift-findings.ts";
import { type Hiding, readHiding } from "../../rollout/drift-record.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import { type DriftRequest, answerRequest } from "./drift-requests.ts";
import { hidingSeal, issueOf } from "./drift-issue.ts";
import { deployKey } from "../deploy/live.ts";

/** What the open issue hides now; the app is looked at again when that is over. */
export function hidingNow(world: DeployWorld, inventory: Inventory): Hiding | null {
  const issue = issueOf(world, inventory.app);
  const hiding =
    issue === null ? null : readHiding(issue.text, hidingSeal(world, inventory.app, issue.number));
  const left = hiding === null ? 0 : Date.parse(hiding.until) - world.clock.now().getTime();
  if (left <= 0) return null;
  world.queue.add(deployKey(inventory), Math.ceil(left / 1000));
  return hiding;
}

/** Something that people have hidden, and who is told so once it is written down. */
export interface Hidden {
  /** Null where nobody asks. */
  readonly hiding: Hiding | null;
  readonly asked: readonly DriftRequest[];
}

/** What is hidden from now on, by who asked last. Everything that is found now is. */
export async function hideAsked(
  world: DeployWorld,
  { forge, findings }: { readonly forge: RepositoryForge; readonly findings: readonly Finding[] },
  requests: readonly DriftRequest[],
): Promise<Result<Hidden>> {
  let hiding: Hiding | null = null;
  const asked: DriftRequest[] = [];
  for (const request of requests) {
    const seconds = readDuration(request.words);
    if (seconds === undefined) {
      const answered = await answerRequest(forge, request, "confused");
      if (!answered.ok) return answered;
      continue;
    }
    const until = new Date(world.clock.now().getTime() + seconds * 1000).toISOString();
    hiding = { until, by: request.comment.author.login, keys: findings.map(({ key }) => key) };
    asked.push(request);
  }
  return ok({ hiding, asked });
}
