/** GitHub behind the port: who we are, where we are installed, and one repository at a time. */

import { type Result, fail, ok } from "../model/failure.ts";
import type { Person } from "../model/pull.ts";
import type { RepositoryRef } from "../model/repository.ts";
import type { Forge, Job, RepositoryForge } from "../ports/forge.ts";
import { checksOf } from "./checks.ts";
import { type ClientOptions, Clients, type RequestCounts } from "./client.ts";
import { type CodeMemory, codeOf } from "./code.ts";
import { comparisonMemory } from "./compare.ts";
import { deploymentsOf } from "./deployments.ts";
import { installations, repositoriesOf } from "./installations.ts";
import { issuesOf } from "./issues.ts";
import { jobPermissions } from "./job-permissions.ts";
import { mergesOf } from "./merges.ts";
import { peopleOf } from "./people.ts";
import { person } from "./person.ts";
import type { Place } from "./place.ts";
import { pullsOf } from "./pulls.ts";
import { sealer } from "./seal.ts";
import { Snapshots } from "./snapshot.ts";
import { sourcesOf } from "./sources.ts";
import { attempt } from "./translate.ts";
import { treeMemory } from "./tree.ts";

/** The port, and what it cost so far. */
export interface GitHubForge extends Forge {
  readonly requests: Readonly<RequestCounts>;
}

/** GitHub as one App sees it; nothing is sent before the first call. */
export function createForge(options: ClientOptions): GitHubForge {
  const clients = new Clients(options);
  const trees = treeMemory();
  const memory = { trees, snapshots: new Snapshots(trees), comparisons: comparisonMemory() };
  const self = once(() => readSelf(clients));
  return {
    requests: clients.requests,
    self,
    seal: sealer(options.privateKey),
    repositories: () => listRepositories(clients, options.log),
    open: (repository, job) => {
      const place = placeOf(clients, options.appId, self, { repository, job });
      return repositoryForge(place, memory);
    },
  };
}

function repositoryForge(place: Place, memory: CodeMemory): RepositoryForge {
  return {
    code: codeOf(place, memory),
    pulls: pullsOf(place),
    merges: mergesOf(place),
    checks: checksOf(place),
    issues: issuesOf(place),
    deployments: deploymentsOf(place),
    people: peopleOf(place),
    sources: sourcesOf(place),
  };
}

function placeOf(
  clients: Clients,
  appId: number,
  self: Place["self"],
  { repository, job }: { repository: RepositoryRef; job: Job },
): Place {
  const scope = {
    installation: repository.installation,
    repository: repository.id,
    permissions: jobPermissions[job],
  };
  return {
    octokit: clients.open(scope),
    at: { owner: repository.owner, repo: repository.name },
    repositoryId: repository.id,
    appId,
    self,
    download: (url) => clients.download(scope, url),
  };
}

/** The account of an App is a user of its own; only its number identifies it. */
function readSelf(clients: Clients): Promise<Result<Person>> {
  return attempt("learn as whom we act", async () => {
    const { data: app } = await clients.app.request("GET /app");
    const [first] = await installations(clients);
    const login = `${app?.slug ?? ""}[bot]`;
    if (first === undefined) return { id: 0, login, bot: true };
    const octokit = clients.open({
      installation: first,
      repository: null,
      permissions: { metadata: "read" },
    });
    const { data } = await octokit.request("GET /users/{username}", { username: login });
    return { ...person(data), bot: true };
  });
}

/** Keeps the first success; a failure is tried again at the next call. An App that is nowhere installed has no id yet. */
function once(read: () => Promise<Result<Person>>): () => Promise<Result<Person>> {
  let known: Result<Person> | null = null;
  return async () => {
    if (known !== null) return known;
    const result = await read();
    if (result.ok && result.value.id !== 0) known = result;
    return result;
  };
}

/** One installation that cannot be read is told and passed over, so that it stops only itself. */
async function listRepositories(
  clients: Clients,
  log: ClientOptions["log"],
): Promise<Result<readonly RepositoryRef[]>> {
  const ids = await attempt("list the installations", () => installations(clients));
  if (!ids.ok) return ids;
  const found: RepositoryRef[] = [];
  let lost: Result<never> | null = null;
  for (const id of ids.value) {
    const some = await attempt(`list the repositories of installation ${id}`, () =>
      repositoriesOf(clients, id),
    );
    if (some.ok) found.push(...some.value);
    else {
      lost = fail(some.failure.code, some.failure.message, some.failure);
      log?.warn({ installation: id, code: some.failure.code }, some.failure.message);
    }
  }
  return found.length === 0 && lost !== null ? lost : ok(found);
}
