/** The mutation `updateRefs`: several refs moved at once, each only from where it is expected to be. */

import { accountOf } from "../actor.ts";
import { zeroSha, type RefMove } from "../git/git.ts";
import { asRecord, optionalFlag, optionalList, optionalText, text } from "../input.ts";
import { refusalsOfPush } from "../protection.ts";
import { isForced, moveRefs } from "../ref-moves.ts";
import type { Repository } from "../repository-state.ts";
import { demand } from "./demand.ts";
import { GraphqlError } from "./graphql-error.ts";
import type { Caller } from "./caller.ts";
import { repositoryOfId } from "./nodes.ts";
import type { Node } from "./project.ts";

type Input = Readonly<Record<string, unknown>>;

/** All or none; `beforeOid` of forty zeroes means that the ref must not exist, `afterOid` of forty zeroes deletes it. */
export async function updateRefs(caller: Caller, input: Input): Promise<Node> {
  const repository = repositoryOfId(caller, input["repositoryId"]);
  demand(caller, repository, { name: "contents", role: "write" });
  const updates = optionalList(input, "refUpdates") ?? [];
  const moves: RefMove[] = [];
  for (const update of updates) {
    moves.push(await checkedMove(caller, repository, asRecord(update, "refUpdates")));
  }
  const actor = accountOf(caller.actor);
  if (!actor) throw new GraphqlError("FORBIDDEN", "Resource not accessible by integration");
  if (!(await moveRefs(caller.hub, repository, moves, { actor }))) throw stale(moves[0]?.ref ?? "");
  return { __typename: "UpdateRefsPayload", clientMutationId: input["clientMutationId"] ?? null };
}

function stale(ref: string): GraphqlError {
  return new GraphqlError("UNPROCESSABLE", `Reference cannot be updated: ${ref} is at another commit`);
}

async function checkedMove(caller: Caller, repository: Repository, update: Input): Promise<RefMove> {
  const { hub, actor } = caller;
  const git = hub.git(repository);
  const ref = text(update, "name");
  const after = text(update, "afterOid");
  if (!/^refs\/(heads|tags)\/./.test(ref))
    throw new GraphqlError("UNPROCESSABLE", `${ref} is not a valid ref`);
  const current = (await git.ref(ref)) ?? zeroSha;
  const before = optionalText(update, "beforeOid") ?? current;
  if (before !== current) throw stale(ref);
  if (after !== zeroSha && (await git.info(after)) === undefined) {
    throw new GraphqlError("UNPROCESSABLE", `No object ${after} exists`);
  }
  const move = { ref, before, after };
  const forced = await isForced(hub, repository, move);
  if (forced && optionalFlag(update, "force") !== true) {
    throw new GraphqlError("UNPROCESSABLE", "Update is not a fast forward");
  }
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  const refusals =
    branch === undefined
      ? []
      : refusalsOfPush(hub.store, repository, {
          branch,
          actor,
          after: after === zeroSha ? null : after,
          forced,
        });
  if (refusals.length > 0) throw new GraphqlError("UNPROCESSABLE", refusals.join(" "));
  return move;
}
