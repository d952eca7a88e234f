/** Files through the contents endpoints: read, and written as one commit each. */

import type { Actor } from "../actor.ts";
import { ApiError, notFound, validationFailed } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { zeroSha, type Git } from "../git/git.ts";
import type { TreeEntry } from "../git/object-text.ts";
import { writeTree } from "../git/write-tree.ts";
import { optionalRecord, optionalText, text } from "../input.ts";
import { presentGitCommit } from "../present/commit.ts";
import { presentEntry } from "../present/content.ts";
import { refusalsOfPush } from "../protection.ts";
import { resolveCommit } from "../read-ref.ts";
import { moveRefs } from "../ref-moves.ts";
import type { Context, Route } from "../router.ts";
import { personOf, webFlow, writeCommit } from "../signature.ts";
import { refuseWorkflows } from "./git-objects.ts";
import { writerOf } from "../writer.ts";

/** Above the first limit the content is left out, above the second the file is refused. */
const largestInline = 1024 * 1024;
const largestFile = 100 * 1024 * 1024;

/** The entry of a path; the root is a tree without a name. */
async function entryAt(git: Git, commit: string, path: string): Promise<TreeEntry | undefined> {
  let entry: TreeEntry = { mode: "040000", type: "tree", sha: (await git.commit(commit)).tree, name: "" };
  for (const name of path.split("/").filter(Boolean)) {
    if (entry.type !== "tree") return undefined;
    const next: TreeEntry | undefined = (await git.tree(entry.sha))?.find((one) => one.name === name);
    if (!next) return undefined;
    entry = next;
  }
  return entry;
}

async function getContent(context: Context): Promise<Answer> {
  const { hub, repository, query, params } = context;
  const git = hub.git(repository);
  const ref = query.get("ref") ?? repository.defaultBranch;
  const commit = await resolveCommit(hub, repository, ref);
  if (commit === undefined) throw new ApiError(404, `No commit found for the ref ${ref}`);
  const path = (params["path"] ?? "").replace(/\/$/, "");
  const entry = await entryAt(git, commit, path);
  if (!entry) throw notFound();
  if (entry.type !== "tree") return await answerFile(context, { ...entry, path }, ref);
  const listed = await Promise.all(
    ((await git.tree(entry.sha)) ?? []).slice(0, 1000).map(async (one) => {
      const size = one.type === "blob" ? ((await git.info(one.sha))?.size ?? 0) : 0;
      const below = path === "" ? one.name : `${path}/${one.name}`;
      return presentEntry(hub.store, repository, { ...one, path: below, size }, ref);
    }),
  );
  return { status: 200, body: listed };
}

async function answerFile(
  { hub, repository, accept }: Context,
  entry: TreeEntry & { path: string },
  ref: string,
): Promise<Answer> {
  const object = await hub.git(repository).object(entry.sha);
  if (!object || object.size > largestFile) {
    throw new ApiError(403, "This API returns blobs up to 100 MB in size.", {
      errors: [{ resource: "Blob", field: "data", code: "custom" }],
    });
  }
  if (accept.includes("raw")) {
    return {
      status: 200,
      body: object.content,
      headers: { "content-type": "application/vnd.github.raw+json; charset=utf-8" },
    };
  }
  const { size } = object;
  const form = presentEntry(hub.store, repository, { ...entry, size }, ref);
  if (form["type"] === "symlink") {
    return { status: 200, body: { ...form, target: object.content.toString("utf8") } };
  }
  const inline = size <= largestInline;
  return {
    status: 200,
    body: {
      ...form,
      content: inline ? object.content.toString("base64").replaceAll(/(.{60})/g, "$1\n") : "",
      encoding: inline ? "base64" : "none",
    },
  };
}

interface Edit {
  readonly path: string;
  readonly blob: string | null;
  readonly branch: string;
  /** Null for the first commit of an empty repository. */
  readonly parent: string | null;
}

/** One commit on a branch that changes one path. */
async function commitEdit(context: Context, edit: Edit): Promise<string> {
  const { hub, repository, body, actor } = context;
  const git = hub.git(repository);
  const user = writerOf(context);
  refuseWorkflows(actor, [edit.path]);
  const base = edit.parent === null ? null : (await git.commit(edit.parent)).tree;
  const tree = await writeTree(git, base, [{ path: edit.path, mode: "100644", sha: edit.blob }]);
  const custom = optionalRecord(body, "author") ?? optionalRecord(body, "committer");
  const self = personOf(user, hub.store.now());
  const author = custom ? { ...self, name: text(custom, "name"), email: text(custom, "email") } : self;
  // GitHub vouches for what an App writes, not for what a person's token does.
  const signed = actor.kind === "installation" && custom === undefined;
  const draft = {
    tree,
    parents: edit.parent === null ? [] : [edit.parent],
    author,
    committer: signed ? webFlow(hub.store) : author,
    message: text(body, "message"),
  };
  const after = await writeCommit(hub.store, git, draft, signed);
  refuseProtected(context, { ...edit, after, actor });
  const ref = `refs/heads/${edit.branch}`;
  const before = edit.parent ?? zeroSha;
  const moved = await moveRefs(hub, repository, [{ ref, before, after }], { actor: user });
  if (!moved) throw new ApiError(409, `${edit.path} does not match ${edit.parent}`);
  return after;
}

function refuseProtected(
  { hub, repository }: Context,
  { branch, actor, after }: { branch: string; actor: Actor; after: string },
): void {
  const refusals = refusalsOfPush(hub.store, repository, { branch, actor, after, forced: false });
  if (refusals.length > 0) {
    throw new ApiError(409, `Repository rule violations found\n\n${refusals.join("\n")}`);
  }
}

async function branchToEdit({
  hub,
  repository,
  body,
}: Context): Promise<{ branch: string; parent: string | null }> {
  const branch = optionalText(body, "branch") ?? repository.defaultBranch;
  const git = hub.git(repository);
  const parent = await git.ref(`refs/heads/${branch}`);
  if (parent !== undefined) return { branch, parent };
  if ((await git.refs("refs/heads/")).size > 0) throw new ApiError(404, `Branch ${branch} not found`);
  return { branch, parent: null };
}

async function putContent(context: Context): Promise<Answer> {
  const { hub, repository, params, body } = context;
  const git = hub.git(repository);
  const path = params["path"] ?? "";
  const place = await branchToEdit(context);
  const old = place.parent === null ? undefined : await entryAt(git, place.parent, path);
  const expected = optionalText(body, "sha");
  if (old?.type === "blob" && expected === undefined) {
    throw new ApiError(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  }
  if (expected !== undefined && old?.sha !== expected) {
    throw new ApiError(409, `${path} does not match ${expected}`);
  }
  const bytes = Buffer.from(text(body, "content"), "base64");
  const blob = await git.write("blob", bytes);
  const sha = await commitEdit(context, { path, blob, ...place });
  const entry = { mode: "100644", type: "blob", sha: blob, name: path.split("/").at(-1) ?? "" } as const;
  const content = presentEntry(hub.store, repository, { ...entry, path, size: bytes.length }, place.branch);
  return {
    status: old ? 200 : 201,
    body: { content, commit: await presentGitCommit(hub, repository, sha) },
  };
}

async function deleteContent(context: Context): Promise<Answer> {
  const { hub, repository, params, body, query } = context;
  const path = params["path"] ?? "";
  const fields = { ...Object.fromEntries(query), ...body };
  const asked = { ...context, body: fields, repository };
  const place = await branchToEdit(asked);
  if (place.parent === null) throw notFound();
  const old = await entryAt(hub.git(repository), place.parent, path);
  if (old?.type !== "blob") throw notFound();
  const expected = text(fields, "sha");
  if (old.sha !== expected) throw validationFailed(`${path} does not match ${expected}`);
  const sha = await commitEdit(asked, { path, blob: null, ...place });
  return { status: 200, body: { content: null, commit: await presentGitCommit(hub, repository, sha) } };
}

const path = "/repos/{owner}/{repo}/contents/{path}";
const read = { name: "contents", level: "read" } as const;
const write = { name: "contents", level: "write" } as const;

export const contentRoutes: readonly Route[] = [
  { method: "GET", path, permission: read, handle: getContent },
  { method: "PUT", path, permission: write, handle: putContent },
  { method: "DELETE", path, permission: write, handle: deleteContent },
];
