/** The scan flow: the bump pull requests of a repository become those that should exist. */

import { type Result, ok } from "../model/failure.ts";
import type { Person, PullRequest } from "../model/pull.ts";
import type { RepositoryRef } from "../model/repository.ts";
import { branchPrefix } from "../plan/branch.ts";
import { readBumpMarker } from "../plan/bump-marker.ts";
import { opensAt, wallTime } from "../plan/opening-hours.ts";
import { type OpenPull, reconcile, unopened } from "../plan/reconcile.ts";
import { proposedBy } from "../plan/proposed.ts";
import { unitsOf } from "../plan/unit.ts";
import { baseHistory } from "./base-history.ts";
import { listCandidates } from "./image-candidates.ts";
import { tipOf } from "./pull-tip.ts";
import { rivalReasons } from "./rivals.ts";
import { type Offered, decide, isNew, offersFor, wishOf } from "./scan-decide.ts";
import { surveyCommit } from "./scan-survey.ts";
import { type Bench, perform } from "./scan-write.ts";
import type { World } from "./world.ts";

/**
 * Scans one repository. Without a configuration on the default branch, or with one that is not understood, nothing is done.
 * An image whose registry does not answer waits, with its pull requests as they are. `rebuild` is the number of a pull
 * request that a person wants built anew, whoever has pushed to it.
 */
export async function scan(
  world: World,
  repository: RepositoryRef,
  asked: { readonly rebuild?: number } = {},
): Promise<Result<void>> {
  const bench = await openBench(world, repository);
  if (!bench.ok || bench.value === null) return bench.ok ? ok(undefined) : bench;
  const { survey } = bench.value;
  const find = await listCandidates(
    world,
    survey.places.map((place) => wishOf(survey.config, place)),
  );
  const offers = await offersFor(survey, find);
  retryLater(bench.value, offers);
  const open = await openPulls(bench.value);
  if (!open.ok) return open;
  const { ours, others } = open.value;
  const proposed = proposedBy(ours.map(({ pull }) => pull));
  const anyNew = offers.some((offered) => isNew(offered, proposed));
  const closed = anyNew ? await closedPulls(bench.value) : ok([]);
  if (!closed.ok) return closed;
  const { pulls } = survey.config;
  const units = unitsOf(decide(survey, offers, { proposed, closed: closed.value }), pulls.group);
  const rivals = await rivalReasons(bench.value, unopened(units, ours), others);
  if (!rivals.ok) return rivals;
  const shut = shutNow(bench.value);
  const actions = reconcile({
    units,
    pulls: ours,
    fileHash: (file) => survey.hashes.get(file) ?? "",
    limit: pulls.limit,
    obstacle: (unit) => rivals.value.get(unit.branch) ?? shut,
    rebuild: asked.rebuild,
  });
  return perform(bench.value, actions);
}

/** Null where there is nothing to scan. */
async function openBench(world: World, repository: RepositoryRef): Promise<Result<Bench | null>> {
  const forge = world.forge.open(repository, "scan");
  const head = await forge.code.head();
  if (!head.ok) return head;
  if (head.value.frozen) return ok(null);
  const survey = await surveyCommit(world, repository, forge.code, head.value.sha);
  if (!survey.ok) return survey;
  if (survey.value === null || "problems" in survey.value) return ok(null);
  const self = await world.forge.self();
  if (!self.ok) return self;
  return ok({ world, repository, forge, self: self.value, head: head.value, survey: survey.value });
}

/** Why no new pull request may be opened now; the scan is put on the queue for when they may. */
function shutNow({ world, repository, survey }: Bench): string | null {
  const { open } = survey.config.pulls;
  const now = world.clock.now();
  const opens = open === null ? null : opensAt(open, now);
  if (open === null || opens === null) return null;
  world.queue.add({ flow: "scan", repository }, (opens.getTime() - now.getTime()) / 1000);
  return `New pull requests are opened from ${wallTime(open, opens)} on.`;
}

/** A registry that asked for a pause is asked again after it. */
function retryLater({ world, repository }: Bench, offers: readonly Offered[]): void {
  const failures = offers.flatMap(({ offer }) => (offer.ok ? [] : [offer.failure]));
  for (const message of new Set(failures.map((failure) => failure.message))) {
    world.log.warn({ repository: repository.id }, message);
  }
  const pauses = failures.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? []);
  if (pauses.length > 0) world.queue.add({ flow: "scan", repository }, Math.max(...pauses));
}

interface OpenPulls {
  readonly ours: readonly OpenPull[];
  readonly others: readonly PullRequest[];
}

async function openPulls(bench: Bench): Promise<Result<OpenPulls>> {
  const { world, repository, forge, head } = bench;
  const open = await forge.pulls.open(head.branch);
  if (!open.ok) return open;
  const ours: OpenPull[] = [];
  const isBelow = await baseHistory(world, repository, forge.code, head);
  for (const pull of open.value.filter((pull) => isOurs(bench, pull))) {
    const tip = await tipOf(forge, { head: head.sha, self: bench.self }, pull);
    if (!tip.ok) return tip;
    const base = readBumpMarker(pull.body)?.base;
    const rooted = base === undefined ? ok(true) : await isBelow(base);
    if (!rooted.ok) return rooted;
    ours.push({ pull, tip: tip.value, uprooted: !rooted.value });
  }
  return ok({ ours, others: open.value.filter((pull) => !isOurs(bench, pull)) });
}

/** Only what our App opened from a branch of this repository is ours, whatever it is called. */
function isOurs(
  { self, repository }: { self: Person; repository: RepositoryRef },
  pull: PullRequest,
): boolean {
  const named = pull.headBranch.startsWith(branchPrefix);
  return named && pull.author.id === self.id && pull.headRepository === repository.id;
}

async function closedPulls(bench: Bench): Promise<Result<readonly PullRequest[]>> {
  const closed = await bench.forge.pulls.closed(branchPrefix);
  return closed.ok ? ok(closed.value.filter((pull) => isOurs(bench, pull))) : closed;
}
