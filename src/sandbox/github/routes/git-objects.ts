/** Blobs, trees and commits, made and read one by one. */

import { levelOf, type Actor } from "../actor.ts";
import { ApiError, notAccessible, notFound, validationFailed } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { zeroSha } from "../git/git.ts";
import type { Signature, TreeEntry } from "../git/object-text.ts";
import { writeTree, type TreeChange } from "../git/write-tree.ts";
import { asRecord, optionalList, optionalRecord, optionalText, optionalWord, text, texts } from "../input.ts";
import { presentGitCommit } from "../present/commit.ts";
import { nodeId } from "../present/links.ts";
import { apiOf } from "../present/repository.ts";
import type { Context, Route } from "../router.ts";
import { personOf, webFlow, writeCommit } from "../signature.ts";
import { writerOf } from "../writer.ts";

/** GitHub's limits: bytes of a blob, entries of a tree that is sent and of one that is listed. */
const largestBlob = 100 * 1024 * 1024;
const longestTree = 100_000;

async function createBlob({ hub, repository, body }: Context): Promise<Answer> {
  const encoding = optionalWord(body, "encoding", ["utf-8", "base64"]) ?? "utf-8";
  const content = Buffer.from(text(body, "content"), encoding === "base64" ? "base64" : "utf8");
  if (content.length > largestBlob) throw new ApiError(422, "Blob is too large");
  const sha = await hub.git(repository).write("blob", content);
  const url = `${apiOf(hub.store, repository)}/git/blobs/${sha}`;
  return { status: 201, body: { url, sha }, headers: { location: url } };
}

async function getBlob({ hub, repository, params, accept }: Context): Promise<Answer> {
  const object = await hub.git(repository).object(params["file_sha"] ?? "");
  if (object?.type !== "blob") throw notFound();
  if (accept.includes("raw")) {
    return {
      status: 200,
      body: object.content,
      headers: { "content-type": "application/vnd.github.raw; charset=utf-8" },
    };
  }
  return {
    status: 200,
    body: {
      sha: object.sha,
      node_id: nodeId("B", `${repository.id}:${object.sha}`),
      size: object.size,
      url: `${apiOf(hub.store, repository)}/git/blobs/${object.sha}`,
      content: object.content.toString("base64").replaceAll(/(.{60})/g, "$1\n"),
      encoding: "base64",
    },
  };
}

/** Every path of a tree and below, or of the tree alone. */
async function listTree(
  { hub, repository }: Context,
  sha: string,
  recursive: boolean,
): Promise<(TreeEntry & { path: string })[] | undefined> {
  const git = hub.git(repository);
  const entries = await git.tree(sha);
  if (!entries) return undefined;
  const listed: (TreeEntry & { path: string })[] = [];
  const walk = async (level: readonly TreeEntry[], prefix: string): Promise<void> => {
    for (const entry of level) {
      listed.push({ ...entry, path: `${prefix}${entry.name}` });
      if (recursive && entry.type === "tree") {
        await walk((await git.tree(entry.sha)) ?? [], `${prefix}${entry.name}/`);
      }
    }
  };
  await walk(entries, "");
  return listed;
}

async function answerTree(
  context: Context,
  name: string,
  recursive: boolean,
  status: number,
): Promise<Answer> {
  const { hub, repository } = context;
  const git = hub.git(repository);
  const root = await git.info(`${name}^{tree}`);
  const listed = root && (await listTree(context, root.sha, recursive));
  if (!root || !listed) throw notFound();
  const api = `${apiOf(hub.store, repository)}/git`;
  const tree = await Promise.all(
    listed.slice(0, longestTree).map(async ({ path, mode, type, sha }) => ({
      path,
      mode,
      type,
      sha,
      ...(type === "blob" && { size: (await git.info(sha))?.size ?? 0 }),
      ...(type !== "commit" && { url: `${api}/${type}s/${sha}` }),
    })),
  );
  return {
    status,
    body: { sha: root.sha, url: `${api}/trees/${root.sha}`, tree, truncated: listed.length > longestTree },
  };
}

/** Without the `workflows` permission an App may not touch workflow files. */
export function refuseWorkflows(actor: Actor, paths: readonly string[]): void {
  if (actor.kind !== "installation" || levelOf(actor.token, "workflows") === "write") return;
  if (paths.some((path) => path.startsWith(".github/workflows/"))) throw notAccessible();
}

const modes = ["100644", "100755", "040000", "160000", "120000"] as const;

async function treeChange({ hub, repository }: Context, value: unknown): Promise<TreeChange> {
  const entry = asRecord(value, "tree");
  const path = text(entry, "path");
  if (path.split("/").some((part) => part === "" || part === "." || part === ".." || part === ".git")) {
    throw new ApiError(422, "tree.path contains a malformed path component");
  }
  const mode = optionalWord(entry, "mode", modes) ?? "100644";
  if (entry["sha"] === null) return { path, mode, sha: null };
  const git = hub.git(repository);
  const content = optionalText(entry, "content");
  if (content !== undefined) return { path, mode, sha: await git.write("blob", content) };
  const sha = text(entry, "sha");
  if (mode !== "160000" && (await git.info(sha)) === undefined) {
    throw new ApiError(422, `tree.sha ${sha} is not a valid blob`);
  }
  return { path, mode, sha };
}

async function createTree(context: Context): Promise<Answer> {
  const { hub, repository, body, actor } = context;
  const entries = optionalList(body, "tree") ?? [];
  if (entries.length === 0) throw new ApiError(422, "Invalid tree info");
  if (entries.length > longestTree)
    throw new ApiError(422, "Your request exceeds the maximum number of entries");
  const base = optionalText(body, "base_tree");
  const git = hub.git(repository);
  const root = base === undefined ? undefined : await git.info(`${base}^{tree}`);
  if (base !== undefined && !root) throw new ApiError(422, "base_tree is not a valid tree oid");
  const changes = await Promise.all(entries.map((entry) => treeChange(context, entry)));
  refuseWorkflows(
    actor,
    changes.map(({ path }) => path),
  );
  return await answerTree(context, await writeTree(git, root?.sha ?? null, changes), false, 201);
}

function signatureFrom(context: Context, field: string): Signature | undefined {
  const given = optionalRecord(context.body, field);
  if (!given) return undefined;
  const date = optionalText(given, "date");
  const parsed = date === undefined ? context.hub.store.now() : new Date(date);
  if (Number.isNaN(parsed.getTime())) throw validationFailed({ field, code: "invalid" });
  return { name: text(given, "name"), email: text(given, "email"), date: parsed, zone: "+0000" };
}

async function createCommit(context: Context): Promise<Answer> {
  const { hub, repository, body, actor } = context;
  const git = hub.git(repository);
  const tree = text(body, "tree");
  if ((await git.info(tree))?.type !== "tree") throw new ApiError(422, "Tree SHA does not exist");
  const parents = texts(body, "parents");
  for (const parent of parents) {
    if (parent === zeroSha || (await git.info(parent))?.type !== "commit") {
      throw new ApiError(422, "Parent SHA does not exist or is not a commit object");
    }
  }
  const user = writerOf(context);
  const author = signatureFrom(context, "author");
  const committer = signatureFrom(context, "committer");
  // GitHub vouches for a commit of an App only where nothing of it was chosen by the client.
  const signed = actor.kind === "installation" && !author && !committer;
  const self = personOf(user, hub.store.now());
  const draft = {
    tree,
    parents,
    author: author ?? self,
    committer: committer ?? (signed ? webFlow(hub.store) : (author ?? self)),
    message: text(body, "message"),
  };
  const sha = await writeCommit(hub.store, git, draft, signed);
  return { status: 201, body: await presentGitCommit(hub, repository, sha) };
}

async function getCommit({ hub, repository, params }: Context): Promise<Answer> {
  const sha = params["commit_sha"] ?? "";
  if ((await hub.git(repository).info(sha))?.type !== "commit") throw notFound();
  return { status: 200, body: await presentGitCommit(hub, repository, sha) };
}

const read = { name: "contents", level: "read" } as const;
const write = { name: "contents", level: "write" } as const;
const root = "/repos/{owner}/{repo}/git";

export const gitObjectRoutes: readonly Route[] = [
  { method: "POST", path: `${root}/blobs`, permission: write, handle: createBlob },
  { method: "GET", path: `${root}/blobs/{file_sha}`, permission: read, handle: getBlob },
  { method: "POST", path: `${root}/trees`, permission: write, handle: createTree },
  {
    method: "GET",
    path: `${root}/trees/{tree_sha}`,
    permission: read,
    handle: (context) =>
      answerTree(context, context.params["tree_sha"] ?? "", context.query.has("recursive"), 200),
  },
  { method: "POST", path: `${root}/commits`, permission: write, handle: createCommit },
  { method: "GET", path: `${root}/commits/{commit_sha}`, permission: read, handle: getCommit },
];
