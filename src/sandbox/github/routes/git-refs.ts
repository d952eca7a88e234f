/** References: read, create, move, delete. */

import { ApiError, invalidRequest, notFound } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { zeroSha, type RefMove } from "../git/git.ts";
import { optionalFlag, text } from "../input.ts";
import { paginate } from "../page.ts";
import { nodeId } from "../present/links.ts";
import { apiOf } from "../present/repository.ts";
import { refusalsOfPush } from "../protection.ts";
import { readRef } from "../read-ref.ts";
import { isForced, moveRefs } from "../ref-moves.ts";
import type { Context, Route } from "../router.ts";
import { writerOf } from "../writer.ts";

async function presentRef(context: Context, ref: string, sha: string): Promise<Record<string, unknown>> {
  const { hub, repository } = context;
  const type = (await hub.git(repository).info(sha))?.type ?? "commit";
  const api = `${apiOf(hub.store, repository)}/git`;
  return {
    ref,
    node_id: nodeId("REF", `${repository.id}:${ref}`),
    url: `${api}/${ref}`,
    object: { type, sha, url: `${api}/${type}s/${sha}` },
  };
}

async function getRef(context: Context): Promise<Answer> {
  const ref = `refs/${context.params["ref"]}`;
  const sha = await readRef(context.hub, context.repository, ref);
  if (sha === undefined) throw notFound();
  return { status: 200, body: await presentRef(context, ref, sha) };
}

async function matchingRefs(context: Context): Promise<Answer> {
  const refs = await context.hub.git(context.repository).refs(`refs/${context.params["ref"]}`);
  return await paginate(context, [...refs], ([ref, sha]) => presentRef(context, ref, sha));
}

async function createRef(context: Context): Promise<Answer> {
  const { hub, repository, body } = context;
  const ref = text(body, "ref");
  const sha = text(body, "sha");
  if (!/^refs\/[^/]+\/./.test(ref) || !(await isRefName(context, ref))) {
    throw new ApiError(422, "Reference name must start with 'refs/' and contain at least two slashes.");
  }
  await checkCommit(context, sha);
  if ((await hub.git(repository).ref(ref)) !== undefined) throw new ApiError(422, "Reference already exists");
  await guardedMove(context, { ref, before: zeroSha, after: sha }, false);
  return {
    status: 201,
    body: await presentRef(context, ref, sha),
    headers: { location: `${apiOf(hub.store, repository)}/git/${ref}` },
  };
}

async function updateRef(context: Context): Promise<Answer> {
  const { hub, repository, body, params } = context;
  const ref = `refs/${params["ref"]}`;
  const sha = text(body, "sha");
  const before = await hub.git(repository).ref(ref);
  if (before === undefined) throw new ApiError(422, "Reference does not exist");
  await checkCommit(context, sha);
  await guardedMove(context, { ref, before, after: sha }, optionalFlag(body, "force") ?? false);
  return { status: 200, body: await presentRef(context, ref, sha) };
}

async function deleteRef(context: Context): Promise<Answer> {
  const ref = `refs/${context.params["ref"]}`;
  const before = await context.hub.git(context.repository).ref(ref);
  if (before === undefined) throw new ApiError(422, "Reference does not exist");
  await guardedMove(context, { ref, before, after: zeroSha }, false);
  return { status: 204 };
}

/** Git is asked once about each name. */
const names = new Map<string, boolean>();

async function isRefName({ hub, repository }: Context, ref: string): Promise<boolean> {
  const known = names.get(ref);
  if (known !== undefined) return known;
  const told = await hub.git(repository).run(["check-ref-format", "--normalize", ref], undefined, [1, 129]);
  const good = told.toString("utf8").trim() === ref;
  names.set(ref, good);
  return good;
}

async function checkCommit({ hub, repository }: Context, sha: string): Promise<void> {
  if (!/^[0-9a-f]{40}$/.test(sha))
    throw invalidRequest(`The sha parameter must be exactly 40 characters and contain only [0-9a-f].`);
  if ((await hub.git(repository).info(sha)) === undefined) throw new ApiError(422, "Object does not exist");
}

/** Moves a ref as far as fast-forwards, protection and permissions let it. */
async function guardedMove(context: Context, move: RefMove, force: boolean): Promise<void> {
  const { hub, repository, actor } = context;
  const user = writerOf(context);
  const forced = await isForced(hub, repository, move);
  if (forced && !force) throw new ApiError(422, "Update is not a fast forward");
  const branch = /^refs\/heads\/(.+)$/.exec(move.ref)?.[1];
  if (branch !== undefined) {
    const after = move.after === zeroSha ? null : move.after;
    const refusals = refusalsOfPush(hub.store, repository, { branch, actor, after, forced });
    if (refusals.length > 0) throw new ApiError(422, refusals.join(" "));
  }
  const moved = await moveRefs(hub, repository, [move], { actor: user });
  if (!moved) throw new ApiError(409, "Reference cannot be updated");
}

const read = { name: "contents", level: "read" } as const;
const write = { name: "contents", level: "write" } as const;
const refs = "/repos/{owner}/{repo}/git/refs";

export const gitRefRoutes: readonly Route[] = [
  { method: "GET", path: "/repos/{owner}/{repo}/git/ref/{ref}", permission: read, handle: getRef },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/git/matching-refs/{ref}",
    permission: read,
    handle: matchingRefs,
  },
  { method: "POST", path: refs, permission: write, handle: createRef },
  { method: "PATCH", path: `${refs}/{ref}`, permission: write, handle: updateRef },
  { method: "DELETE", path: `${refs}/{ref}`, permission: write, handle: deleteRef },
];
