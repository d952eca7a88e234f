/** What the world does to a repository and its images. Each answers what it did in words, or null where it could not. */

import type { PullRequest } from "../../src/sandbox/github/pull-state.ts";
import { type Place, entryLike, filesOf, images, layouts, placesIn, placesOf, withVersions } from "./manifest.ts";
import { commitTo, moveBranch, revertedTree } from "./people.ts";
import { type Run, baseTip, ourPulls, placesOnBase } from "./run.ts";
import { isFollowed } from "./shelf.ts";
import { configText } from "./stage.ts";

/** Numbers that choose among what is there: a file, a place, a pull request. */
export type Picks = readonly [first: number, second: number, third: number];
export type Action = (run: Run, picks: Picks) => Promise<string | null>;

function pick<T>(items: readonly T[], at: number): T | undefined {
  return items[at % Math.max(1, items.length)];
}

const versioned = images.filter(({ mutable }) => !mutable).map(({ name }) => name);

/** Registry. */

const pushTag: Action = async ({ shelf }, [which, part]) => {
  const image = pick(versioned, which) ?? "a";
  const tag = shelf.fresh(image, part % 3);
  shelf.push(image, tag);
  return `${image}:${tag} is pushed`;
};

const pushOldTag: Action = async ({ shelf }, [which, patch]) => {
  const image = pick(versioned, which) ?? "a";
  const tag = `1.0.${1 + (patch % 5)}`;
  if (shelf.digest(image, tag) !== undefined) return null;
  shelf.push(image, tag);
  return `${image}:${tag} is pushed`;
};

const pushNoise: Action = async ({ shelf }, [which, kind]) => {
  const image = pick(versioned, which) ?? "a";
  const tag = pick(["9.0.0-rc.1", "latest", "9.0.0-alpine", "9", "sha-1234567"], kind) ?? "latest";
  shelf.push(image, tag);
  return `${image}:${tag} is pushed`;
};

const deleteTag: Action = async ({ shelf }, [which]) => {
  const image = pick(versioned, which) ?? "a";
  const { tag } = shelf.latest(image);
  if (tag === "1.0.0") return null;
  shelf.remove(image, tag);
  return `${image}:${tag} is deleted from the registry`;
};

const moveTag: Action = async ({ shelf }, [which]) => {
  const image = which % 2 === 0 ? "m" : "d";
  const { tag } = shelf.latest(image);
  shelf.push(image, tag);
  return `${image}:${tag} points at another digest`;
};

const moveTagBack: Action = async (run, [which]) => {
  const place = pick((await placesOnBase(run)).filter(({ image }) => isFollowed(image)), which);
  if (place?.digest == null) return null;
  run.shelf.move(place.image, place.tag, place.digest);
  return `${place.image}:${place.tag} points at the digest again that runs in ${place.file}`;
};

/** Files on the default branch. */

async function manifests(run: Run): Promise<readonly (readonly [string, string])[]> {
  const files = await run.git.files(await baseTip(run));
  return [...files].filter(([file]) => file.startsWith("apps/")).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

async function editBase(run: Run, file: string, text: string): Promise<void> {
  await commitTo(run, run.plot.record.defaultBranch, new Map([[file, text]]));
}

const insertComment: Action = async (run, [which, at, how]) => {
  const [file, text] = pick(await manifests(run), which) ?? ["", ""];
  const lines = text.split("\n");
  const line = at % lines.length;
  lines.splice(line, 0, how % 3 === 0 ? "# the same" : `# note ${(run.count += 1)}`);
  await editBase(run, file, lines.join("\n"));
  return `a comment is put above line ${line + 1} of ${file}`;
};

const removeComment: Action = async (run, [which, at]) => {
  const commented = (await manifests(run)).filter(([, text]) => /^#/m.test(text));
  const [file, text] = pick(commented, which) ?? ["", ""];
  const lines = text.split("\n");
  const notes = lines.flatMap((line, index) => (line.startsWith("#") ? [index] : []));
  const line = pick(notes, at);
  if (line === undefined) return null;
  await editBase(run, file, lines.toSpliced(line, 1).join("\n"));
  return `the comment on line ${line + 1} of ${file} is removed`;
};

const commentBehind: Action = async (run, [which, at]) => {
  const place = pick(await placesOnBase(run), which + at);
  if (place === undefined) return null;
  const text = await textOf(run, place.file);
  const line = place.lines[0] ?? 1;
  const lines = text.split("\n").map((old, index) => (index === line - 1 ? `${old} # ${(run.count += 1)}` : old));
  await editBase(run, place.file, lines.join("\n"));
  return `a comment is put behind ${place.image} on line ${line} of ${place.file}`;
};

async function textOf(run: Run, file: string): Promise<string> {
  return (await run.git.files(await baseTip(run))).get(file) ?? "";
}

const setVersion: Action = async (run, [which, to]) => {
  const place = pick(await placesOnBase(run), which);
  const tag = place && pick([...run.shelf.releases(place.image), place.tag], to);
  if (place === undefined || tag === undefined || tag === place.tag) return null;
  const version = run.shelf.version(place.image, tag);
  await editBase(run, place.file, withVersions(await textOf(run, place.file), [[place, version]]));
  return `${place.image} in ${place.file} is set from ${place.tag} to ${tag} by hand`;
};

const addImage: Action = async (run, [which, which2]) => {
  const place = pick(await placesOnBase(run), which);
  const image = pick(images, which2)?.name ?? "a";
  if (place === undefined) return null;
  const lines = (await textOf(run, place.file)).split("\n");
  const at = place.lines[0] ?? 1;
  const old = isFollowed(image) ? "main" : "1.0.0";
  const entry = entryLike(lines[at - 1] ?? "", image, run.shelf.version(image, old));
  if (entry === undefined) return null;
  await editBase(run, place.file, lines.toSpliced(at, 0, entry).join("\n"));
  return `${image}:${old} is added below line ${at} of ${place.file}`;
};

const removeImage: Action = async (run, [which]) => {
  const place = pick(await placesOnBase(run), which);
  if (place === undefined) return null;
  const text = await textOf(run, place.file);
  const lines = text.split("\n");
  const at = (place.lines[0] ?? 1) - 1;
  const wide = /^ +image:/.test(lines[at] ?? "") && /^ +- name:/.test(lines[at - 1] ?? "");
  if (!wide && !/^ *- image:/.test(lines[at] ?? "")) return null;
  if (placesOf(place.file, text).length < 2) return null;
  await editBase(run, place.file, lines.toSpliced(wide ? at - 1 : at, wide ? 2 : 1).join("\n"));
  return `${place.image} is removed from ${place.file}`;
};

const renameFile: Action = async (run, [which, how]) => {
  const [file, text] = pick(await manifests(run), which) ?? ["", ""];
  const [apps, app, environment, name] = file.split("/");
  const other = environment === "staging" ? "production" : "staging";
  const renamed = how % 2 === 0 ? `${apps}/${app}x/${environment}/${name}` : `${apps}/${app}/${other}/${name}`;
  if (file === "" || (await textOf(run, renamed)) !== "") return null;
  await commitTo(run, run.plot.record.defaultBranch, new Map([[file, null], [renamed, text]]));
  run.formerly.set(renamed, [...(run.formerly.get(renamed) ?? []), file, ...(run.formerly.get(file) ?? [])]);
  return `${file} becomes ${renamed}`;
};

const deleteFile: Action = async (run, [which]) => {
  const all = await manifests(run);
  const [file] = pick(all, which) ?? [""];
  if (all.length < 2) return null;
  await commitTo(run, run.plot.record.defaultBranch, new Map([[file, null]]));
  return `${file} is deleted`;
};

const bringFile: Action = async (run, [which, at]) => {
  const files = filesOf(pick(layouts, which) ?? {}, (image) => run.shelf.version(image, isFollowed(image) ? "main" : "1.0.0"));
  const [file, text] = pick([...files], at) ?? ["", ""];
  if ((await textOf(run, file)) === text) return null;
  await editBase(run, file, text);
  return `${file} is put there as it was in the beginning`;
};

const changeLimit: Action = async (run, [limit]) => {
  const most = [10, 1, 2, 3][limit % 4] ?? 10;
  await editBase(run, ".github/lockkeeper.yml", configText(most));
  return `the limit is set to ${most}`;
};

const editReadme: Action = async (run) => {
  await editBase(run, "README.md", `hello ${(run.count += 1)}\n`);
  return "the README is edited";
};

/** Pull requests of ours. */

function anOpen(run: Run, which: number): PullRequest | undefined {
  const named = ourPulls(run, "open").toSorted((a, b) => (a.headBranch < b.headBranch ? -1 : 1));
  return pick(named, which);
}

/** What is pushed to one that is being built anew may go with the rest. */
function toPushTo(run: Run, which: number): PullRequest | undefined {
  const pull = anOpen(run, which);
  return pull === undefined || run.rebuilding.has(pull.issue.number) ? undefined : pull;
}

const mergePull: Action = async (run, [which, how]) => {
  const pull = anOpen(run, which);
  if (pull === undefined) return null;
  const merge_method = pick(["squash", "merge", "rebase"], how);
  const path = `/pulls/${pull.issue.number}/merge`;
  const done = await run.plot.ada("PUT", path, { merge_method }).catch(() => null);
  return done === null ? null : `#${pull.issue.number} "${pull.issue.title}" is merged (${merge_method})`;
};

const closePull: Action = async (run, [which]) => {
  const pull = anOpen(run, which);
  if (pull === undefined) return null;
  await run.plot.ada("PATCH", `/pulls/${pull.issue.number}`, { state: "closed" });
  return `#${pull.issue.number} "${pull.issue.title}" is closed`;
};

/** GitHub opens one again only while its branch stands where it stood, and has no other pull request. */
const reopenPull: Action = async (run, [which]) => {
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
  return `#${number} "${title}" is opened again${tip === undefined ? ", its branch restored" : ""}`;
};

const pushComment: Action = async (run, [which, at]) => {
  const pull = toPushTo(run, which);
  if (pull === undefined) return null;
  const files = await run.git.files(pull.headSha);
  const [file, text] = pick([...files].filter(([path]) => path.startsWith("apps/")), at) ?? ["", ""];
  const pushed = await commitTo(run, pull.headBranch, new Map([[file, `${text}# note ${(run.count += 1)}\n`]]));
  run.foreign.set(pull.issue.number, pushed);
  return `somebody pushes a comment in ${file} to the branch of #${pull.issue.number}`;
};

const pushVersion: Action = async (run, [which, at, to]) => {
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

const updateBranch: Action = async (run, [which]) => {
  const pull = toPushTo(run, which);
  if (pull === undefined) return null;
  const done = await run.plot.ada("PUT", `/pulls/${pull.issue.number}/update-branch`, {}).catch(() => null);
  if (done === null) return null;
  run.foreign.set(pull.issue.number, pull.headSha);
  return `somebody merges the default branch into the branch of #${pull.issue.number}`;
};

const resetBranch: Action = async (run, [which]) => {
  const pull = anOpen(run, which);
  if (pull === undefined) return null;
  run.unclear.add(pull.issue.number);
  await moveBranch(run, pull.headBranch, await baseTip(run));
  return `somebody resets the branch of #${pull.issue.number} to the default branch, which closes it`;
};

const deleteBranch: Action = async (run, [which]) => {
  const pull = anOpen(run, which);
  if (pull === undefined) return null;
  await run.plot.ada("DELETE", `/git/refs/heads/${pull.headBranch}`);
  return `the branch of #${pull.issue.number} "${pull.issue.title}" is deleted`;
};

const askRebase: Action = async (run, [which]) => {
  const pull = anOpen(run, which);
  if (pull === undefined || run.foreign.has(pull.issue.number)) return null;
  run.rebuilding.add(pull.issue.number);
  await run.plot.ada("POST", `/issues/${pull.issue.number}/comments`, { body: "/lockkeeper rebase" });
  return `somebody comments /lockkeeper rebase on #${pull.issue.number}`;
};

/** Taking back what landed. */

function aMerged(run: Run, which: number): PullRequest | undefined {
  return pick(ourPulls(run, "closed").filter(({ merged }) => merged).toReversed(), which);
}

const revertByHand: Action = async (run, [which]) => {
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
      return moved && inside && (was.digest === null) === (place.digest === null) ? [[place, was] as const] : [];
    });
    if (back.length > 0) touched.set(file, withVersions(text, back));
  }
  if (touched.size === 0) return null;
  await commitTo(run, run.plot.record.defaultBranch, touched, { message: "Back" });
  return `#${merged.issue.number} "${merged.issue.title}" is taken back by hand`;
};

/** As `git revert` on the default branch, or by a pull request of a person. */
const revertByGit: Action = async (run, [which, how]) => {
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
  const pull = await ada("POST", "/pulls", { title: message.split("\n")[0], head: branch, base: record.defaultBranch });
  await ada("PUT", `/pulls/${pull.number}/merge`, { merge_method: pick(["squash", "merge", "rebase"], how) });
  return `#${merged.issue.number} "${merged.issue.title}" is taken back by the pull request #${pull.number}`;
};

/** The default branch itself. */

const rewriteBase: Action = async (run, [how]) => {
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
const renameBase: Action = async (run) => {
  const { ada, record } = run.plot;
  const old = record.defaultBranch;
  const name = `trunk-${(run.count += 1)}`;
  await ada("POST", "/git/refs", { ref: `refs/heads/${name}`, sha: await baseTip(run) });
  for (const { issue, baseBranch } of record.pulls.values())
    if (issue.state === "open" && baseBranch === old) await ada("PATCH", `/pulls/${issue.number}`, { base: name });
  await ada("PATCH", "", { default_branch: name });
  await ada("DELETE", `/git/refs/heads/${old}`);
  return `the default branch is renamed from ${old} to ${name}`;
};

const nothing: Action = async () => "nothing happens";

/** By how often each is chosen. */
export const actions: readonly { readonly weight: number; readonly action: Action }[] = [
  { weight: 2, action: nothing },
  { weight: 9, action: pushTag },
  { weight: 1, action: pushOldTag },
  { weight: 1, action: pushNoise },
  { weight: 2, action: deleteTag },
  { weight: 3, action: moveTag },
  { weight: 1, action: moveTagBack },
  { weight: 4, action: insertComment },
  { weight: 2, action: removeComment },
  { weight: 2, action: commentBehind },
  { weight: 4, action: setVersion },
  { weight: 3, action: addImage },
  { weight: 2, action: removeImage },
  { weight: 2, action: renameFile },
  { weight: 1, action: deleteFile },
  { weight: 1, action: bringFile },
  { weight: 1, action: changeLimit },
  { weight: 2, action: editReadme },
  { weight: 8, action: mergePull },
  { weight: 4, action: closePull },
  { weight: 2, action: reopenPull },
  { weight: 2, action: pushComment },
  { weight: 1, action: pushVersion },
  { weight: 1, action: updateBranch },
  { weight: 1, action: resetBranch },
  { weight: 1, action: deleteBranch },
  { weight: 2, action: askRebase },
  { weight: 3, action: revertByHand },
  { weight: 4, action: revertByGit },
  { weight: 2, action: rewriteBase },
  { weight: 1, action: renameBase },
];
