/** The scan flow: the bump pull requests of a repository become those that should exist, and its dashboard tells of them. */

import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import { dashboardText } from "../../plan/dashboard.ts";
import { opensAt, wallTime } from "../../plan/opening-hours.ts";
import { proposedBy } from "../../plan/proposed.ts";
import { reconcile, unopened } from "../../plan/reconcile.ts";
import { unitsOf } from "../../plan/unit.ts";
import { keepDashboard, pausedNow } from "../dashboard/dashboard-issue.ts";
import { linesHash } from "./edited-lines.ts";
import { endOnboarding, onboard } from "../onboarding/onboarding.ts";
import { reportOf, reportOfProblems } from "../dashboard/dashboard-report.ts";
import { closedPulls, openPulls } from "./own-pulls.ts";
import { spareQueued } from "./queued-pulls.ts";
import { rivalReasons } from "./rivals.ts";
import { decide, freshBranches } from "./scan-decide.ts";
import { findOffers } from "./scan-offers.ts";
import { surveyCommit } from "./scan-survey.ts";
import { type Bench, perform, settingOf } from "./scan-write.ts";
import type { World } from "../world.ts";

/** What a person has asked for beside a scan. */
export interface Asked {
  /** Number of a pull request to build anew, whoever has pushed to it. */
  readonly rebuild?: number;
  /** Branch of a pull request to open although the limit or the hours say no. */
  readonly open?: string;
}

/**
 * Scans one repository and says on its dashboard what came of it. Without a configuration on the default branch one is
 * offered and nothing else done; with one that is not understood only that is said. An image whose registry does not answer waits, with its pull
 * requests as they are.
 */
export async function scan(
  world: World,
  repository: RepositoryRef,
  asked: Asked = {},
): Promise<Result<void>> {
  const forge = world.forge.open(repository, "scan");
  const head = await forge.code.head();
  if (!head.ok) return head;
  if (head.value.frozen) return ok(undefined);
  const survey = await surveyCommit(world, repository, forge.code, head.value.sha);
  if (!survey.ok) return survey;
  const self = await world.forge.self();
  if (!self.ok) return self;
  const host = { world, repository, forge, self: self.value, head: head.value };
  if (survey.value === null) return onboard(host);
  if ("problems" in survey.value) {
    const ended = await endOnboarding(host);
    if (!ended.ok) return ended;
    const paused = await pausedNow(host);
    if (!paused.ok) return paused;
    const text = dashboardText(reportOfProblems(survey.value.problems, paused.value));
    return keepDashboard(host, text, null);
  }
  return scanCommit({ ...host, survey: survey.value }, asked);
}

async function scanCommit(bench: Bench, asked: Asked): Promise<Result<void>> {
  const open = await openPulls(bench);
  if (!open.ok) return open;
  const { ours, others } = open.value;
  const ended = await endOnboarding(bench, others);
  if (!ended.ok) return ended;
  const proposed = proposedBy(ours);
  const offers = await findOffers(bench, proposed);
  if (!offers.ok) return offers;
  const { proposable, observed, sightings } = offers.value;
  const { survey } = bench;
  const fresh = freshBranches(survey, proposable, proposed);
  const closed = fresh.length > 0 ? await closedPulls(bench, fresh) : ok([]);
  if (!closed.ok) return closed;
  const judged = decide(survey, proposable, { proposed, closed: closed.value });
  const units = unitsOf(judged, survey.config.pulls.group);
  const rivals = await rivalReasons(bench, unopened(units, ours), others);
  if (!rivals.ok) return rivals;
  const wanted = reconcile({
    units,
    pulls: ours,
    linesHash: (places) => linesHash(survey.lines, places),
    limit: survey.config.pulls.limit,
    obstacle: (unit) => rivals.value.get(unit.branch) ?? null,
    shut: shutNow(bench),
    rebuild: asked.rebuild,
    openNow: asked.open,
    setting: settingOf(bench),
  });
  const actions = await spareQueued(bench, wanted);
  if (!actions.ok) return actions;
  const opened = new Map<string, number>();
  const performed = await perform(bench, actions.value, (branch, number) => void opened.set(branch, number));
  const paused = await pausedNow(bench);
  if (!paused.ok) return paused;
  const report = reportOf(
    {
      survey,
      proposable,
      observed,
      judged,
      pulls: ours,
      actions: actions.value,
      opened,
    },
    paused.value,
  );
  const told = await keepDashboard(bench, dashboardText(report), sightings);
  return performed.ok ? told : performed;
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
