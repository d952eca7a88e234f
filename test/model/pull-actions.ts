/** What people do to pull requests of ours and to their branches. */

import type { PullRequest } from "../../src/sandbox/github/pull-state.ts";
import { type Action, pick } from "./action.ts";
import { holdsOf } from "./holds.ts";
import { type Place, placesIn, withVersions } from "./manifest.ts";
import { commitTo, moveBranch } from "./people.ts";
import { type Run, baseTip, ourPulls, placesOnBase, proposalsOf } from "./run.ts";

function anOpen(run: Run, which: number): PullRequest | undefined {
  const named = ourPulls(run, "open").toSorted((a, b) => (a.headBranch < b.headBranch ? -1 : 1));
  return pick(named, which);
}

/** What is pushed to one that is being built anew may go with the rest. */
function toPushTo(run: Run, which: number): PullRequest | undefined {
  const pull = anOpen(run, which);
  return pull === undefined || run.rebuilding.has(pull.issue.number) ? undefined : pull;
}

export const mergePull: Action = async (run, [which, how]) => {
  const pull = anOpen(run, which);
  if (pull === undefined) return null;
  const merge_method = pick(["squash", "merge", "rebase"], how);
  const path = `/pulls/${pull.issue.number}/merge`;
  const done = await run.plot.ada("PUT", path, { merge_method }).catch(() => null);
  return done === null ? null : `#${pull.issue.number} "${pull.issue.title}" is merged (${merge_method})`;
};

export const closePull: Action = async (run, [which]) => {
  const pull = anOpen(run, which);
  if (pull === undefined) return null;
  await run.plot.ada("PATCH", `/pulls/${pull.issue.number}`, { state: "closed" });
  return `#${pull.issue.number} "${pull.issue.title}" is closed`;
};

/** GitHub opens one again only while its branch stands where it stood, and has no other pull request. */
export const reopenPull: Action = async (run, [which]) => {
  const open = new Set(ourPulls(run, "open").map(({ headBranch }) => headBranch));
  const closed = ourPulls(run, "closed").filter(
    ({ merged, unreopenable, headBranch, baseBranch }) =>
      !merged && !unreopenable && !open.has(headBranch) && baseBranch === run.plot.record.defaultBranch,
  );
  const pull = pick(closed, which);
  if (pull === undefined) return null;
  const { number, title } = pull.issue;
  const tip = await run.git.tip(pull.headBranch);
  if (tip !== undefined && tip !== pull.headSha) return null;
  if (tip === undefined)
    await run.plot.ada("POST", "/git/refs", { ref: `refs/heads/${pull.headBranch}`, sha: pull.headSha });
  await run.plot.ada("PATCH", `/pulls/${number}`, { state: "open" });
  run.held.delete(number);
  run.resumed.delete(number);
  // Who opens it again wants it after all, whatever was said to a later one from the same branch, or of the same values.
  const wanted = new Set(((await proposalsOf(run, pull)) ?? []).map((proposal) => JSON.stringify(proposal)));
  for (const other of ourPulls(run, "closed")) {
    const said = (await proposalsOf(run, other)) ?? [];
    const isLater = other.headBranch === pull.headBranch && other.issue.number > number;
    if (isLater || said.some((proposal) => wanted.has(JSON.stringify(proposal))))
      run.unclear.add(other.issue.number);
  }
  return `#${number} "${title}" is opened again${tip === undefined ? ", its branch restored" : ""}`;
};

export const pushComment: Action = async (run, [which, at]) => {
  const pull = toPushTo(run, which);
  if (pull === undefined) return null;
  const files = await run.git.files(pull.headSha);
  const [file, text] = pick(
    [...files].filter(([path]) => path.startsWith("apps/")),
    at,
  ) ?? ["", ""];
  const pushed = await commitTo(
    run,
    pull.headBranch,
    new Map([[file, `${text}# note ${(run.count += 1)}\n`]]),
  );
  run.foreign.set(pull.issue.number, pushed);
  return `somebody pushes a comment in ${file} to the branch of #${pull.issue.number}`;
};

export const pushVersion: Action = async (run, [which, at, to]) => {
  const pull = toPushTo(run, which);
  if (pull === undefined) return null;
  const files = await run.git.files(pull.headSha);
  const place: Place | undefined = pick(placesIn(files), at);
  const tag = place && pick(run.shelf.releases(place.image), to);
  if (place === undefined || tag === undefined || tag === place.tag) return null;
  const text = withVersions(files.get(place.file) ?? "", [[place, run.shelf.version(place.image, tag)]]);
  run.foreign.set(pull.issue.number, await commitTo(run, pull.headBranch, new Map([[place.file, text]])));
  run.unclear.add(pull.issue.number);
  return `somebody sets ${place.image} in ${place.file} to ${tag} on the branch of #${pull.issue.number}`;
};

export const updateBranch: Action = async (run, [which]) => {
  const pull = toPushTo(run, which);
  if (pull === undefined) return null;
  const done = await run.plot.ada("PUT", `/pulls/${pull.issue.number}/update-branch`, {}).catch(() => null);
  if (done === null) return null;
  run.foreign.set(pull.issue.number, pull.headSha);
  return `somebody merges the default branch into the branch of #${pull.issue.number}`;
};

export const resetBranch: Action = async (run, [which]) => {
  const pull = anOpen(run, which);
  if (pull === undefined) return null;
  run.unclear.add(pull.issue.number);
  run.settled.set(pull.issue.number, (await proposalsOf(run, pull)) ?? []);
  await moveBranch(run, pull.headBranch, await baseTip(run));
  return `somebody resets the branch of #${pull.issue.number} to the default branch, which closes it`;
};

export const deleteBranch: Action = async (run, [which]) => {
  const pull = anOpen(run, which);
  if (pull === undefined) return null;
  await run.plot.ada("DELETE", `/git/refs/heads/${pull.headBranch}`);
  return `the branch of #${pull.issue.number} "${pull.issue.title}" is deleted`;
};

export const askRebase: Action = async (run, [which]) => {
  const pull = anOpen(run, which);
  if (pull === undefined || run.foreign.has(pull.issue.number)) return null;
  run.rebuilding.add(pull.issue.number);
  await say(run, pull, "/lockkeeper rebase");
  return `somebody comments /lockkeeper rebase on #${pull.issue.number}`;
};

export const discardEdits: Action = async (run, [which]) => {
  const pull = pick(
    ourPulls(run, "open").filter(({ issue }) => run.foreign.has(issue.number)),
    which,
  );
  if (pull === undefined) return null;
  run.foreign.delete(pull.issue.number);
  run.rebuilding.add(pull.issue.number);
  await say(run, pull, "/lockkeeper discard-edits");
  return `somebody comments /lockkeeper discard-edits on #${pull.issue.number}`;
};

export const holdPull: Action = async (run, [which]) => {
  const pull = anOpen(run, which);
  if (pull === undefined) return null;
  run.held.add(pull.issue.number);
  await say(run, pull, "/lockkeeper hold");
  return `somebody comments /lockkeeper hold on #${pull.issue.number} "${pull.issue.title}"`;
};

export const resumePull: Action = async (run, [which]) => {
  const said = new Set((await holdsOf(run, await placesOnBase(run))).map(({ pull }) => pull));
  const pull = pick(
    ourPulls(run, "closed").filter(({ issue }) => said.has(issue.number)),
    which,
  );
  if (pull === undefined) return null;
  run.resumed.add(pull.issue.number);
  await say(run, pull, "/lockkeeper resume");
  return `somebody comments /lockkeeper resume on #${pull.issue.number} "${pull.issue.title}"`;
};

async function say({ plot }: Run, { issue }: PullRequest, body: string): Promise<void> {
  await plot.ada("POST", `/issues/${issue.number}/comments`, { body });
}
