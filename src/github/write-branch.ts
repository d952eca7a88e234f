/** Makes one commit that GitHub signs and moves a branch to it, once, by compare-and-swap. */

import { isUtf8 } from "node:buffer";
import type { BranchContent, BranchMove } from "../ports/forge.ts";
import type { Place } from "./place.ts";
import { Refusal, failureOf } from "./translate.ts";
import { type Tree, type TreeMemory, readTree } from "./tree.ts";

type FileMode = "100644" | "100755";

interface NewEntry {
  path: string;
  mode: FileMode;
  type: "blob";
  content?: string;
  sha?: string | null;
}

/**
 * The commit is built first and the branch moved once: a branch that passed through its base on the way would make GitHub
 * close its pull request. Neither author nor committer is named, for only then GitHub signs as the App:
 * https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification
 */
export async function writeBranch(place: Place, trees: TreeMemory, content: BranchContent): Promise<string> {
  const { octokit, at } = place;
  const parent = await readTree(place, trees, content.parent);
  const { data: tree } = await octokit.request("POST /repos/{owner}/{repo}/git/trees", {
    ...at,
    base_tree: content.parentTree ?? (await treeOf(place, content.parent)),
    tree: await newEntries(place, parent, content.files),
  });
  const { data: commit } = await octokit.request("POST /repos/{owner}/{repo}/git/commits", {
    ...at,
    message: content.message,
    tree: tree.sha,
    parents: [content.parent],
  });
  await moveBranch(place, content, commit.sha);
  return commit.sha;
}

async function treeOf({ octokit, at }: Place, commit: string): Promise<string> {
  const { data } = await octokit.request("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", {
    ...at,
    commit_sha: commit,
  });
  return data.tree.sha;
}

async function newEntries(place: Place, parent: Tree, files: BranchContent["files"]): Promise<NewEntry[]> {
  const entries: NewEntry[] = [];
  for (const [path, content] of files) {
    const mode = modeOf(parent, path);
    if (content !== null) entries.push({ path, mode, type: "blob", ...(await written(place, content)) });
    else if (parent.has(path)) entries.push({ path, mode, type: "blob", sha: null });
  }
  return entries;
}

/** A file keeps its mode; what is a link or a submodule there is not ours to overwrite. */
function modeOf(parent: Tree, path: string): FileMode {
  const mode = parent.get(path)?.mode ?? "100644";
  if (mode !== "100644" && mode !== "100755") {
    throw new Refusal("rejected", `${path} is not a regular file`);
  }
  return mode;
}

/** Text goes into the tree as it is; bytes that are no text need a blob of their own. */
async function written(place: Place, bytes: Uint8Array): Promise<{ content: string } | { sha: string }> {
  if (isUtf8(bytes) && !bytes.includes(0)) return { content: Buffer.from(bytes).toString("utf8") };
  const { data } = await place.octokit.request("POST /repos/{owner}/{repo}/git/blobs", {
    ...place.at,
    content: Buffer.from(bytes).toString("base64"),
    encoding: "base64",
  });
  return { sha: data.sha };
}

const updateRefs = `mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }`;

/** REST cannot say where a branch should stand before it moves; GraphQL's `updateRefs` can. */
export async function moveBranch(place: Place, move: BranchMove, sha: string): Promise<void> {
  const name = `refs/heads/${move.branch}`;
  if (move.expected === null) {
    await place.octokit.request("POST /repos/{owner}/{repo}/git/refs", { ...place.at, ref: name, sha });
    return;
  }
  const { data } = await place.octokit.request("GET /repos/{owner}/{repo}", place.at);
  const refUpdates = [{ name, beforeOid: move.expected, afterOid: sha, force: true }];
  try {
    await place.octokit.graphql(updateRefs, { input: { repositoryId: data.node_id, refUpdates } });
  } catch (error) {
    if (failureOf(error)?.code !== "rejected") throw error;
    throw new Refusal("conflict", `${move.branch} is no longer at ${move.expected}`);
  }
}
