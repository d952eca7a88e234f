/** What GitHub does by itself once it may: merges what waits for auto-merge, and lands what stands in the queue. */

import type { Hub } from "./hub.ts";
import { mergePull } from "./merge-pull.ts";
import { advanceQueue } from "./merge-queue.ts";
import { knownMergeState } from "./merge-state.ts";
import type { PullRequest } from "./pull-state.ts";
import type { Repository } from "./repository-state.ts";

const running = new WeakSet<Repository>();

/** Looks at a repository after anything in it has changed; cheap where nothing waits. */
export function advance(hub: Hub, repository: Repository): void {
  const waits = repository.queue.length > 0 || waiting(repository).length > 0;
  if (!waits || running.has(repository)) return;
  running.add(repository);
  hub.background(work(hub, repository).finally(() => running.delete(repository)));
}

function waiting(repository: Repository): PullRequest[] {
  return [...repository.pulls.values()].filter(
    ({ autoMerge, issue }) => autoMerge !== null && issue.state === "open",
  );
}

/** Until a round changes nothing. */
async function work(hub: Hub, repository: Repository): Promise<void> {
  for (let changed = true; changed;) {
    changed = await advanceQueue(hub, repository);
    for (const pull of waiting(repository)) changed = (await autoMerge(hub, repository, pull)) || changed;
  }
}

async function autoMerge(hub: Hub, repository: Repository, pull: PullRequest): Promise<boolean> {
  const { word } = await knownMergeState(hub, repository, pull);
  if (word !== "clean" || !pull.autoMerge) return false;
  const { enabledBy: user, method } = pull.autoMerge;
  // Whatever refuses it now, a race with a person for one, is for the next round to see.
  return await mergePull(hub, repository, pull, { actor: { kind: "user", user }, method }).then(
    () => true,
    () => false,
  );
}
