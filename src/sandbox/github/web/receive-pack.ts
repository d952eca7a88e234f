/** `git push`: what protection refuses is refused ref by ref, what is taken has its consequences before Git hears so. */

import { PassThrough } from "node:stream";
import { accountOf, levelOf } from "../actor.ts";
import { advance } from "../advance.ts";
import { zeroSha, type RefMove } from "../git/git.ts";
import { protectionsOf, refusalsOfPush } from "../protection.ts";
import { recordMoves } from "../ref-moves.ts";
import { bodyOf, refuseWriting, startGit, type GitRequest } from "./git-service.ts";
import { parsePushCommands } from "./push-commands.ts";

export async function receivePack(call: GitRequest): Promise<void> {
  refuseWriting(call);
  const { hub, repository, actor, response } = call;
  const { moves, body } = await readCommands(call);
  const child = startGit(call, ["receive-pack", "--stateless-rpc"], guards(call, moves));
  body.pipe(child.stdin);
  const answer: Buffer[] = [];
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) answer.push(chunk);
  const user = accountOf(actor);
  if (user) await recordMoves(hub, repository, await taken(call, moves), { actor: user });
  advance(hub, repository);
  response.writeHead(200, {
    "content-type": "application/x-git-receive-pack-result",
    "cache-control": "no-cache",
  });
  response.end(Buffer.concat(answer));
}

/** The commands, and the whole body from its beginning. */
async function readCommands(call: GitRequest): Promise<{ moves: readonly RefMove[]; body: PassThrough }> {
  const body = new PassThrough();
  const { promise, resolve, reject } = Promise.withResolvers<readonly RefMove[]>();
  let head: Buffer | undefined = Buffer.alloc(0);
  const source = bodyOf(call);
  source.on("data", (chunk: Buffer) => {
    if (head) {
      head = Buffer.concat([head, chunk]);
      const moves = parsePushCommands(head);
      if (moves) {
        head = undefined;
        resolve(moves);
      }
    }
    body.write(chunk);
  });
  source.on("end", () => {
    body.end();
    resolve([]);
  });
  source.on("error", reject);
  return { moves: await promise, body };
}

/** The update hook refuses the refs named in its environment; Git itself refuses to lose commits of guarded branches. */
function guards(
  { hub, repository, actor, hooks }: GitRequest,
  moves: readonly RefMove[],
): { config: readonly string[]; environment: Record<string, string> } {
  const refused = new Map<string, readonly string[]>();
  let guarded = false;
  for (const { ref, after } of moves) {
    const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
    if (branch === undefined) {
      if (!ref.startsWith("refs/tags/")) refused.set(ref, ["deny updating a hidden ref"]);
      continue;
    }
    const protections = protectionsOf(repository, branch);
    guarded ||= protections.some(({ allowForcePushes }) => !allowForcePushes);
    const reasons = refusalsOfPush(hub.store, repository, {
      branch,
      actor,
      after: after === zeroSha ? null : after,
      forced: false,
    });
    if (reasons.length > 0) refused.set(ref, reasons);
  }
  const text = [...refused].map(
    ([ref, reasons]) =>
      `error: GH006: Protected branch update failed for ${ref}.\n${reasons.map((one) => `error: ${one}`).join("\n")}`,
  );
  const workflows = actor.kind === "installation" && levelOf(actor.token, "workflows") !== "write";
  return {
    config: [`core.hooksPath=${hooks}`, ...(guarded ? ["receive.denyNonFastForwards=true"] : [])],
    environment: {
      SANDBOX_REFUSED: ` ${[...refused.keys()].join(" ")} `,
      SANDBOX_REASONS: text.join("\n"),
      SANDBOX_DEFAULT_BRANCH: repository.defaultBranch,
      ...(workflows && { SANDBOX_NO_WORKFLOWS: "1" }),
    },
  };
}

/** The moves that Git made. */
async function taken({ hub, repository }: GitRequest, moves: readonly RefMove[]): Promise<RefMove[]> {
  const git = hub.git(repository);
  const made: RefMove[] = [];
  for (const move of moves) {
    if (((await git.ref(move.ref)) ?? zeroSha) === move.after && move.before !== move.after) made.push(move);
  }
  return made;
}
