/** Pull requests as webhooks carry them: the forms of REST, but for repositories and teams. */

import type { Hub } from "../hub.ts";
import type { PullRequest } from "../pull-state.ts";
import type { Repository } from "../repository-state.ts";
import type { Store } from "../store.ts";
import { presentPull, presentPullSimple } from "./pull.ts";
import { presentToldRepository } from "./repository.ts";
import { presentToldTeam } from "./team.ts";

type Json = Record<string, unknown>;

/** `pull-request` of the webhook schemas. */
export async function presentToldPull(hub: Hub, repository: Repository, pull: PullRequest): Promise<Json> {
  return told(hub.store, repository, { pull, form: await presentPull(hub, repository, pull) });
}

/** `simple-pull-request` of the webhook schemas. */
export function presentToldPullSimple(store: Store, repository: Repository, pull: PullRequest): Json {
  return told(store, repository, { pull, form: presentPullSimple(store, repository, pull) });
}

function told(store: Store, repository: Repository, { pull, form }: { pull: PullRequest; form: Json }): Json {
  const repo = presentToldRepository(store, repository);
  return {
    ...form,
    head: { ...(form["head"] as Json), repo },
    base: { ...(form["base"] as Json), repo },
    requested_teams: pull.requestedTeams.map((team) => presentToldTeam(store, team)),
  };
}
