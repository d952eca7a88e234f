/** What people do to the default branch as a whole: taking back what landed, rewriting and renaming it. */

import type { PullRequest } from "../../src/sandbox/github/pull-state.ts";
import { type Action, manifests, pick } from "./action.ts";
import { placesIn, placesOf, withVersions } from "./manifest.ts";
import { commitTo, moveBranch, revertedTree } from "./people.ts";
import { type Run, baseTip, ourPulls } from "./run.ts";

function aMerged(run: Run, which: number): PullRequest | undefined {
  return pick(
    ourPulls(run, "closed")
      .filter(({ merged }) => merged)
      .toReversed(),
    which,
  );
}

export const revertByHand: Action = async (run, [which]) => {
  const merged = aMerged(run, which);
  if (merged === undefined) return null;
  const places = placesIn(await run.git.files(merged.baseSha));
  const old = new Map(places.map((place) => [`${place.file} ${place.path} ${place.image}`, place]));
  const touched = new Map<string, string>();
  for (const [file, text] of await manifests(run)) {
    const back = placesOf(file, text).flatMap((place) => {
      const was = old.get(`${place.file} ${place.path} ${place.image}`);
      const moved = was !== undefined && (was.tag !== place.tag || was.digest !== place.digest);
      const inside = merged.issue.title.includes(`acme/${place.image} to`);
      return moved && inside && (was.digest === null) === (place.digest === null)
        ? [[place, was] as const]
        : [];
    });
    if (back.length > 0) touched.set(file, withVersions(text, back));
  }
  if (touched.size === 0) return null;
  await commitTo(run, run.plot.record.defaultBranch, touched, { message: "Back" });
  return `#${merged.issue.number} "${merged.issue.title}" is taken back by hand`;
};

/** As `git revert` on the default branch, or by a pull request of a person. */
export const revertByGit: Action = async (run, [which, how]) => {
  const merged = aMerged(run, which);
  const base = await baseTip(run);
  const landed = merged?.landed.at(-1);
  if (merged === undefined || landed === undefined) return null;
  const tree = await revertedTree(run, landed, base);
  if (tree === null) return null;
  const { ada, record } = run.plot;
  const message = `Revert "${merged.issue.title}"\n\nThis reverts commit ${landed}.`;
  const commit = await ada("POST", "/git/commits", { message, tree, parents: [base] });
  if (how % 2 === 0) {
    await moveBranch(run, record.defaultBranch, commit.sha);
    return `#${merged.issue.number} "${merged.issue.title}" is taken back by git revert`;
  }
  const branch = `revert-${merged.issue.number}-${(run.count += 1)}`;
  await ada("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: commit.sha });
  const pull = await ada("POST", "/pulls", {
    title: message.split("\n")[0],
    head: branch,
    base: record.defaultBranch,
  });
  await ada("PUT", `/pulls/${pull.number}/merge`, { merge_method: pick(["squash", "merge", "rebase"], how) });
  return `#${merged.issue.number} "${merged.issue.title}" is taken back by the pull request #${pull.number}`;
};

export const rewriteBase: Action = async (run, [how]) => {
  const tip = await baseTip(run);
  const [parent] = await run.git.parentsOf(tip);
  if (parent === undefined) return null;
  const branch = run.plot.record.defaultBranch;
  if (how % 2 === 0) {
    await moveBranch(run, branch, parent);
    return "the newest commit of the default branch is dropped by a force-push";
  }
  const tree = await run.git.treeOf(tip);
  const message = `Amended ${(run.count += 1)}`;
  const commit = await run.plot.ada("POST", "/git/commits", { message, tree, parents: [parent] });
  await moveBranch(run, branch, commit.sha);
  return "the newest commit of the default branch is replaced by one with the same files";
};

/** As GitHub does it: open pull requests follow to the new name. */
export const renameBase: Action = async (run) => {
  const { ada, record } = run.plot;
  const old = record.defaultBranch;
  const name = `trunk-${(run.count += 1)}`;
  await ada("POST", "/git/refs", { ref: `refs/heads/${name}`, sha: await baseTip(run) });
  for (const { issue, baseBranch } of record.pulls.values())
    if (issue.state === "open" && baseBranch === old)
      await ada("PATCH", `/pulls/${issue.number}`, { base: name });
  await ada("PATCH", "", { default_branch: name });
  await ada("DELETE", `/git/refs/heads/${old}`);
  return `the default branch is renamed from ${old} to ${name}`;
};
