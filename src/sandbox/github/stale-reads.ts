/** Reads that lag: for a while after a change, readers see what was before it, as from a replica. */

import type { Answer } from "./answer.ts";
import type { Fault } from "./fault.ts";
import { zeroSha } from "./git/git.ts";
import type { Hub } from "./hub.ts";
import type { Repository } from "./repository-state.ts";

/** The commit of a ref as it was before the moves of the last moments; `ref` is a full name. */
export function asOf(
  hub: Hub,
  fault: Fault | undefined,
  { repository, ref, sha }: { repository: Repository; ref: string; sha: string | undefined },
): string | undefined {
  if (fault === undefined) return sha;
  const since = horizon(hub, fault);
  const first = repository.activities.find((move) => move.ref === ref && move.timestamp.getTime() > since);
  if (first === undefined) return sha;
  return first.before === zeroSha ? undefined : first.before;
}

const associations = "/repos/{owner}/{repo}/commits/{commit_sha}/pulls";

/** The pull requests of a commit without those that were opened or merged in the last moments. */
export function lagging(
  hub: Hub,
  fault: Fault | undefined,
  { request, answer }: { request: { readonly route: string }; answer: Answer },
): Answer {
  if (fault === undefined || request.route !== associations || !Array.isArray(answer.body)) return answer;
  const since = horizon(hub, fault);
  const body = (answer.body as { created_at: string; merged_at: string | null }[]).filter(
    // Times are told in whole seconds.
    (pull) => Date.parse(pull.merged_at ?? pull.created_at) + 1000 <= since,
  );
  return { ...answer, body };
}

function horizon(hub: Hub, { milliseconds = 1000 }: Fault): number {
  return hub.store.now().getTime() - milliseconds;
}
