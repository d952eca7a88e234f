/** What has to hold whenever everything has settled: the issue's promises, each checked from Git and the registry alone. */

import type { PullRequest } from "../../src/sandbox/github/pull-state.ts";
import { type Grouping, groupsOf } from "./groups.ts";
import { type Hold, holdsOf, verdictOf } from "./holds.ts";
import type { Place, Version } from "./manifest.ts";
import { type Proposal, type Run, baseTip, ourPulls, ourCommit, placesOnBase, proposalsOf } from "./run.ts";
import { isFollowed } from "./shelf.ts";
import { isLater } from "./version.ts";

export type Fault = "conflict" | "doubled" | "resurrected" | "wrong" | "missing" | "overwritten" | "restless";

export interface Violation {
  readonly fault: Fault;
  readonly what: string;
}

/** One open pull request of ours that people have left alone. */
interface Standing {
  readonly pull: PullRequest;
  readonly proposals: readonly Proposal[];
}

interface Scene {
  readonly run: Run;
  readonly head: string;
  readonly base: readonly Place[];
  readonly holds: readonly Hold[];
  readonly standing: readonly Standing[];
  /** Open ones that people have pushed to. */
  readonly foreign: readonly PullRequest[];
}

export async function violationsOf(run: Run): Promise<readonly Violation[]> {
  const open = ourPulls(run, "open");
  const isForeign = ({ issue, headSha }: PullRequest): boolean => run.foreign.get(issue.number) === headSha;
  const base = await placesOnBase(run);
  const standing: Standing[] = [];
  const found: Violation[] = [];
  for (const pull of open.filter((pull) => !isForeign(pull))) {
    if (run.foreign.has(pull.issue.number))
      found.push({ fault: "overwritten", what: `${nameOf(pull)}: somebody's commit is gone` });
    const proposals = await proposalsOf(run, pull);
    if (proposals === null)
      found.push({ fault: "wrong", what: `${nameOf(pull)} changes more than versions` });
    standing.push({ pull, proposals: proposals ?? [] });
  }
  const scene: Scene = {
    run,
    head: await baseTip(run),
    base,
    holds: await holdsOf(run, base),
    standing,
    foreign: open.filter(isForeign),
  };
  const checks = [commitsOf, conflictsOf, doublesOf, editsOf, missingOf];
  for (const check of checks) found.push(...(await check(scene)));
  return found;
}

/** What open pull requests propose now, to be remembered for what people say of it next. */
export async function rememberSettled(run: Run): Promise<void> {
  for (const pull of ourPulls(run, "open"))
    run.settled.set(pull.issue.number, (await proposalsOf(run, pull)) ?? []);
}

function nameOf(pull: PullRequest): string {
  return `#${pull.issue.number} "${pull.issue.title}"`;
}

/** One commit of ours on a commit of the default branch, and not an empty one. */
async function commitsOf({ run, head, standing }: Scene): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  const wrong = (what: string): void => void found.push({ fault: "wrong", what });
  for (const { pull, proposals } of standing) {
    const ahead = await run.git.ahead(head, pull.headSha);
    if (ahead.length !== 1)
      wrong(`${nameOf(pull)} has ${ahead.length} commits that the default branch has not`);
    if (pull.baseBranch !== run.plot.record.defaultBranch)
      wrong(`${nameOf(pull)} is onto ${pull.baseBranch}`);
    if (proposals.length === 0) wrong(`${nameOf(pull)} changes nothing`);
  }
  return found;
}

async function conflictsOf({ run, head, standing }: Scene): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  const conflict = (what: string): void => void found.push({ fault: "conflict", what });
  for (const [index, { pull }] of standing.entries()) {
    if (await run.git.conflict(head, pull.headSha)) conflict(`${nameOf(pull)} with the default branch`);
    else if ((await run.git.mergedTree(head, pull.headSha)) === (await run.git.treeOf(head)))
      found.push({ fault: "wrong", what: `${nameOf(pull)} would change nothing if it were merged` });
    for (const { pull: other } of standing.slice(index + 1))
      if (await run.git.conflict(pull.headSha, other.headSha))
        conflict(`${nameOf(pull)} with ${nameOf(other)}`);
  }
  return found;
}

async function doublesOf({ run, standing }: Scene): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  const seen = new Map<string, PullRequest>();
  const once = (key: string, pull: PullRequest, what: string): void => {
    const other = seen.get(key);
    if (other !== undefined && other !== pull)
      found.push({ fault: "doubled", what: `${nameOf(other)} and ${nameOf(pull)}: ${what}` });
    seen.set(key, pull);
  };
  const dashboards = [...run.plot.record.issues.values()].filter(
    ({ user, number }) => user.login.endsWith("[bot]") && !run.plot.record.pulls.has(number),
  );
  if (dashboards.length > 1) found.push({ fault: "doubled", what: `${dashboards.length} dashboards` });
  for (const pull of ourPulls(run, "open")) once(pull.headBranch, pull, `both from ${pull.headBranch}`);
  for (const { pull, proposals } of standing)
    for (const { file, path, image } of proposals)
      once(JSON.stringify([file, path]), pull, `both move ${image} in ${file}`);
  return found;
}

/** Where a place should go if nobody had said anything; null for nowhere. */
function newestFor({ shelf }: Run, { image, tag, digest }: Place): Version | null {
  const latest = shelf.latest(image);
  if (isFollowed(image)) return latest.digest === digest || latest.tag !== tag ? null : latest;
  return isLater(latest.tag, tag) ? latest : null;
}

/** Every proposal is to the newest version, above the current one, and nobody has said no to it. */
function editsOf(scene: Scene): readonly Violation[] {
  const { run, base, standing } = scene;
  return standing.flatMap(({ pull, proposals }) =>
    proposals.flatMap((proposal): readonly Violation[] => {
      const shown = `${nameOf(pull)} moves ${proposal.image} in ${proposal.file} to ${proposal.tag} ${proposal.digest ?? ""}`;
      const place = base.find(
        ({ file, path, image }) =>
          file === proposal.file && path === proposal.path && image === proposal.image,
      );
      if (place === undefined) return [{ fault: "wrong", what: `${shown}, which is not there` }];
      const newest = newestFor(run, place);
      if (newest === null || newest.tag !== proposal.tag || newest.digest !== proposal.digest)
        return [
          { fault: "wrong", what: `${shown}, and not from ${place.tag} to ${newest?.tag ?? "nothing"}` },
        ];
      const { verdict, by } = verdictOf(run, scene, place, proposal);
      return verdict === "held"
        ? [{ fault: "resurrected", what: `${shown}, to which #${by?.pull ?? 0} said no` }]
        : [];
    }),
  );
}

/** A merge follows a file to the name that it has by now; what it is part of may have another name then, too. */
function isCarriedOver({ formerly }: Run, file: string, { file: now, environment }: Place): boolean {
  return file.split("/")[2] === environment && formerly.get(now)?.includes(file) === true;
}

/** Every unit that has something to propose has one pull request, with all of it and nothing of another unit. */
async function missingOf(scene: Scene): Promise<readonly Violation[]> {
  const { run, base, head, standing, foreign } = scene;
  const theirs: Proposal[] = [];
  for (const pull of foreign) {
    // Base has moved into its lines: a sibling of it has to do what it was for.
    const own = await ourCommit(run, pull);
    if (own !== undefined && (await run.git.conflict(head, own))) continue;
    theirs.push(...((await proposalsOf(run, pull)) ?? []), ...(run.settled.get(pull.issue.number) ?? []));
  }
  const config = (await run.git.files(head)).get(".github/lockkeeper.yml") ?? "";
  const [, limit, grouping] = /limit: (\d+), group: (\w+)/.exec(config) ?? [];
  const full = standing.length + foreign.length >= Number(limit);
  return groupsOf(base, grouping as Grouping).flatMap((group): readonly Violation[] => {
    const isTheirs = ({ file, image }: Proposal, place: Place): boolean =>
      image === place.image && (file === place.file || isCarriedOver(run, file, place));
    if (group.some((place) => theirs.some((one) => isTheirs(one, place)))) return [];
    const isIn = ({ file, path }: Pick<Place, "file" | "path">): boolean =>
      group.some((place) => place.file === file && place.path === path);
    const wanted = group.filter((place) => {
      const newest = newestFor(run, place);
      return newest !== null && verdictOf(run, scene, place, newest).verdict === "free";
    });
    const mine = standing.filter(({ proposals }) => proposals.some(isIn));
    const names = wanted.map(({ image, file }) => `${image} in ${file}`).join(", ");
    const [first] = mine;
    if (first === undefined)
      return wanted.length === 0 || full ? [] : [{ fault: "missing", what: `nothing proposes ${names}` }];
    const stray = first.proposals.find((proposal) => !isIn(proposal));
    if (stray !== undefined)
      return [{ fault: "wrong", what: `${nameOf(first.pull)} moves ${stray.image}, of another unit, too` }];
    const absent = wanted.find(
      ({ file, path }) => !first.proposals.some((one) => one.file === file && one.path === path),
    );
    return absent === undefined
      ? []
      : [{ fault: "missing", what: `${nameOf(first.pull)} leaves out ${absent.image} in ${absent.file}` }];
  });
}
